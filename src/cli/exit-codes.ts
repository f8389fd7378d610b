import { type ErrorCode, PixrnnError } from '../errors.js';

/** Exit codes of the process; stable, documented in docs/USAGE.md. */
export const EXIT = {
  ok: 0,
  internal: 1,
  usage: 2,
  input: 3,
  corrupt: 4,
  model: 5,
  output: 6,
} as const;

/** The meanings of the exit codes, for help and the man page. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  [EXIT.ok]: 'success',
  [EXIT.internal]: 'internal error, or an unsupported machine',
  [EXIT.usage]: 'wrong usage',
  [EXIT.input]: 'input unreadable or unsupported',
  [EXIT.corrupt]: '.prnn file corrupted, or of another version of the format',
  [EXIT.model]: 'model missing or invalid',
  [EXIT.output]: 'output exists or cannot be written',
  129: 'terminated by SIGHUP',
  130: 'interrupted (SIGINT, Ctrl-C)',
  141: 'standard output was closed',
  143: 'terminated by SIGTERM',
};

export const EXIT_REMARK = 'One failure does not stop a batch; the exit code is that of the first file that failed.';

const BY_ERROR: Record<ErrorCode, number> = {
  usage: EXIT.usage,
  'input-unreadable': EXIT.input,
  'input-unsupported': EXIT.input,
  limit: EXIT.input,
  'machine-unsupported': EXIT.internal,
  'file-corrupt': EXIT.corrupt,
  'file-truncated': EXIT.corrupt,
  'trailing-bytes': EXIT.corrupt,
  'unknown-version': EXIT.corrupt,
  'hash-mismatch': EXIT.corrupt,
  'unknown-model': EXIT.model,
  'model-invalid': EXIT.model,
  'output-exists': EXIT.output,
  'output-failed': EXIT.output,
  training: EXIT.input,
};

/** Exit code if standard output is closed: the one that shells report for SIGPIPE. */
export const CLOSED_PIPE_EXIT = 141;

/** Exit codes of signals, as shells report them: 128 plus the signal's number. */
export const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export function exitCodeOf(error: unknown): number {
  return error instanceof PixrnnError ? BY_ERROR[error.code] : EXIT.internal;
}
