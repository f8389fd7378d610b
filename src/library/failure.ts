import { type AdmittingOption, type ErrorCode, PixrnnError } from '../errors.js';

/** An error as it goes from thread to thread: a copy made by the platform would lose class and code. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a PixrnnError; so is the option that it advises. */
  readonly code: ErrorCode | null;
  readonly option: AdmittingOption | null;
  /** What else it says of itself, as errors of the system do: code, errno, syscall, path. */
  readonly fields: Readonly<Record<string, string | number>>;
  readonly cause: Failure | null;
}

/** Causes of causes that go along. */
const DEEPEST = 8;

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
  const hasCause = cause !== undefined && cause !== null && depth < DEEPEST;
  return { name, message, stack, code, option, fields, cause: hasCause ? failureOf(cause, depth + 1) : null };
}

/** The error again, a PixrnnError where it was one. */
export function errorOf({ name, message, stack, code, option, fields, cause }: Failure): Error {
  const options = cause ? { cause: errorOf(cause) } : {};
  if (code) return withStack(new PixrnnError(code, message, { ...options, option: option ?? undefined }), stack);
  return withStack(Object.assign(new Error(message, options), fields, { name }), stack);
}

/** Where it was thrown tells more than where it came in. */
function withStack<E extends Error>(error: E, stack: string | undefined): E {
  if (stack !== undefined) error.stack = stack;
  return error;
}
