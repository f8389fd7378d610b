/** What went wrong, as a stable word that programs may test; the command line maps each to an exit code. */
export type ErrorCode =
  | 'usage'
  | 'input-unreadable'
  | 'input-unsupported'
  | 'file-corrupt'
  | 'file-truncated'
  | 'trailing-bytes'
  | 'unknown-revision'
  | 'unknown-model'
  | 'hash-mismatch'
  | 'output-exists'
  | 'output-failed'
  | 'limit'
  | 'model-invalid'
  | 'training';

/** Every error that a user can cause or mend. Its message says what is wrong and what to do. */
export class PixrnnError extends Error {
  override readonly name = 'PixrnnError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
