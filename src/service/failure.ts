import { type AdmittingOption, type ErrorCode, PixrnnError } from '../errors.js';

/** An error serialized for another thread: structured cloning would lose its class and code. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Error code of a PixrnnError; `option` is the option that its message suggests. */
  readonly code: ErrorCode | null;
  readonly option: AdmittingOption | null;
  /** Other properties, such as code, errno, syscall and path of system errors. */
  readonly fields: Readonly<Record<string, string | number>>;
  readonly cause: Failure | null;
}

/** Maximum length of the chain of causes. */
const MAX_DEPTH = 8;

/** Serializes an error and its causes. */
export function failureOf(error: unknown, depth = 0): Failure {
  if (!(error instanceof Error)) {
    return {
      name: 'Error',
      message: String(error),
      stack: undefined,
      code: null,
      option: null,
      fields: {},
      cause: null,
    };
  }
  const { name, message, stack, cause } = error;
  const code = error instanceof PixrnnError ? error.code : null;
  const option = error instanceof PixrnnError ? (error.option ?? null) : null;
  const fields = Object.fromEntries(
    Object.entries(error).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  ) as Record<string, string | number>;
  const hasCause = cause !== undefined && cause !== null && depth < MAX_DEPTH;
  return { name, message, stack, code, option, fields, cause: hasCause ? failureOf(cause, depth + 1) : null };
}

/** Restores the error; a PixrnnError stays one. */
export function errorOf({ name, message, stack, code, option, fields, cause }: Failure): Error {
  const options = cause ? { cause: errorOf(cause) } : {};
  if (code) return withStack(new PixrnnError(code, message, { ...options, option: option ?? undefined }), stack);
  return withStack(Object.assign(new Error(message, options), fields, { name }), stack);
}

/** Sets the stack of the thread that threw the error: it is more useful than that of the thread that received it. */
function withStack<E extends Error>(error: E, stack: string | undefined): E {
  if (stack !== undefined) error.stack = stack;
  return error;
}
