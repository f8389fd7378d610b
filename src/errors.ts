/** Cause of an error, as a stable word for programs to test; the command line maps each to an exit code. */
export type ErrorCode =
  /** Invalid options or samples, or ones that do not go together. */
  | 'usage'
  /** The input cannot be read or is a damaged image file. */
  | 'input-unreadable'
  /** A file format or kind of image that is not supported. */
  | 'input-unsupported'
  /** A .prnn file whose structure or checksums are wrong. */
  | 'file-corrupt'
  /** A .prnn file that ends too early. */
  | 'file-truncated'
  /** A .prnn file followed by other bytes. */
  | 'trailing-bytes'
  /** A .prnn file in a version of the format that this pixrnn does not read. */
  | 'unknown-version'
  /** The model that a file or an option names is not available. */
  | 'unknown-model'
  /** The decoded samples differ from those that were compressed. */
  | 'hash-mismatch'
  /** Command line only: the output file exists. */
  | 'output-exists'
  /** Command line only: the output cannot be written. */
  | 'output-failed'
  /** More pixels, bytes or seconds than a limit allows. */
  | 'limit'
  /** The processor or the JavaScript engine lacks what pixrnn needs. */
  | 'machine-unsupported'
  /** A file that contains no model, or a damaged one. */
  | 'model-invalid'
  /** Training cannot continue. */
  | 'training';

/** Options of the library that accept input which is rejected by default. */
export type AdmittingOption =
  'allowLossySource' | 'firstFrame' | 'maxPixels' | 'maxSeconds' | 'models' | 'page' | 'stripMetadata';

/** An error that the user can cause or fix. Its message states what failed and what to do. */
export class PixrnnError extends Error {
  override readonly name = 'PixrnnError';
  /** The option that the message suggests, by its name in the library. */
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
