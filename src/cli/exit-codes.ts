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

/** What they mean, for help and the man page; 130 stands for all signals. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  [EXIT.ok]: 'done',
  [EXIT.internal]: 'internal error',
  [EXIT.usage]: 'wrong usage',
  [EXIT.input]: 'input unreadable or unsupported',
  [EXIT.corrupt]: 'the .prnn file is damaged or of another revision',
  [EXIT.model]: 'its model is missing',
  [EXIT.output]: 'the output exists or cannot be written',
  130: 'interrupted',
  141: 'standard output was closed',
};

export const EXIT_REMARK =
  'With several files the others are still done, and the code is that of the first failure in their order.';

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
