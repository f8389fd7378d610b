/** What went wrong, as a stable word that programs may test; the command line maps each to an exit code. */
export type ErrorCode =
  /** Options or samples that cannot be, or do not go together. */
  | 'usage'
  /** The input cannot be read, or is a damaged image file. */
  | 'input-unreadable'
  /** A format, or a kind of image, that is not taken. */
  | 'input-unsupported'
  /** A .prnn file whose structure or checks are wrong. */
  | 'file-corrupt'
  /** A .prnn file that ends too early. */
  | 'file-truncated'
  /** A .prnn file with something behind its end. */
  | 'trailing-bytes'
  /** A .prnn file, or metadata in it, of a version that this pixrnn does not read. */
  | 'unknown-revision'
  /** The model that a file or an option names is not there. */
  | 'unknown-model'
  /** What was decoded is not what was compressed. */
  | 'hash-mismatch'
  /** Of the command line: the output exists. */
  | 'output-exists'
  /** Of the command line: the output cannot be written. */
  | 'output-failed'
  /** More pixels or bytes than a limit allows. */
  | 'limit'
  /** A file that holds no model, or a damaged one. */
  | 'model-invalid'
  /** Of training: it cannot go on. */
  | 'training';

/** Options of the library that admit an input which is refused without them. */
export type AdmittingOption = 'allowLossySource' | 'firstFrame' | 'maxPixels' | 'models' | 'page' | 'stripMetadata';

/** Every error that a user can cause or mend. Its message says what is wrong and what to do. */
export class PixrnnError extends Error {
  override readonly name = 'PixrnnError';
  /** The option that the message advises, by its name in the library. */
  readonly option: AdmittingOption | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: ErrorOptions & { readonly option?: AdmittingOption | undefined } = {},
  ) {
    super(message, options);
    this.option = options.option;
  }
}
