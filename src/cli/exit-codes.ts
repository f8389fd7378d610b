import { type ErrorCode, PixrnnError } from '../errors.js';

/** What the process returns; documented in the README and stable. */
export const EXIT = {
  ok: 0,
  internal: 1,
  usage: 2,
  input: 3,
  corrupt: 4,
  model: 5,
  output: 6,
} as const;

/** What they mean, for help and the man page. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  [EXIT.ok]: 'done',
  [EXIT.internal]: 'internal error',
  [EXIT.usage]: 'wrong usage',
  [EXIT.input]: 'input unreadable or unsupported',
  [EXIT.corrupt]: 'the .prnn file is damaged or of another revision',
  [EXIT.model]: 'a model is missing or damaged',
  [EXIT.output]: 'the output exists or cannot be written',
  129: 'hung up (SIGHUP)',
  130: 'interrupted (SIGINT, Ctrl-C)',
  141: 'standard output was closed',
  143: 'terminated (SIGTERM)',
};

export const EXIT_REMARK =
  'One failure does not stop a batch; the exit code is that of the first file in the list that failed.';

const BY_ERROR: Record<ErrorCode, number> = {
  usage: EXIT.usage,
  'input-unreadable': EXIT.input,
  'input-unsupported': EXIT.input,
  limit: EXIT.input,
  'file-corrupt': EXIT.corrupt,
  'file-truncated': EXIT.corrupt,
  'trailing-bytes': EXIT.corrupt,
  'unknown-revision': EXIT.corrupt,
  'hash-mismatch': EXIT.corrupt,
  'unknown-model': EXIT.model,
  'model-invalid': EXIT.model,
  'output-exists': EXIT.output,
  'output-failed': EXIT.output,
  training: EXIT.input,
};

/** Nobody reads standard output any more: what a shell expects of a process that SIGPIPE ended. */
export const CLOSED_PIPE_EXIT = 141;

/** What a shell expects of a process that a signal ended: 128 and the signal's number. */
export const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export function exitCodeOf(error: unknown): number {
  return error instanceof PixrnnError ? BY_ERROR[error.code] : EXIT.internal;
}
