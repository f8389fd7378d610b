import { type ErrorCode, PixrnnError } from '#pixrnn/errors.js';

/** What the fuzzer looks for, other than an error that pixrnn itself must not throw. */
export class Finding extends Error {
  override readonly name = 'Finding';
}

/** A value, or the refusal of the input. */
export type Outcome<T> =
  { readonly value: T; readonly refusal?: undefined } | { readonly value?: undefined; readonly refusal: PixrnnError };

/** Codes of errors that name the file as their cause: of .prnn files and of image files. */
export const FILE_CODES: readonly ErrorCode[] = [
  'input-unsupported',
  'input-unreadable',
  'file-corrupt',
  'file-truncated',
  'trailing-bytes',
  'unknown-version',
  'unknown-model',
  'hash-mismatch',
  'limit',
];

/** A message says what failed, why and what to do. */
const MESSAGE = /^([a-z(]|[A-Z]{3}|\.prnn).*\. (pixrnn|[A-Z]).*\.$/s;

/**
 * Runs `task` on hostile input. An error other than a PixrnnError is thrown on.
 * @throws Finding for a PixrnnError that does not blame the file, or says too little
 */
export async function outcomeOf<T>(task: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await task() };
  } catch (error) {
    if (!(error instanceof PixrnnError)) throw error;
    if (!FILE_CODES.includes(error.code))
      throw new Finding(`the code ${error.code}: ${error.message}`, { cause: error });
    if (!MESSAGE.test(error.message)) throw new Finding(`an unclear message: ${error.message}`, { cause: error });
    return { refusal: error };
  }
}

/** Throws a Finding unless `isTrue`. */
export function expect(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Finding(what);
}
