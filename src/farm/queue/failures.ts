import { type ErrorCode, PixrnnError } from '../../errors.js';

/** Why a job failed. */
export interface Failure {
  /** `internal` for errors that are no PixrnnError, `set-aside` for jobs whose workers died. */
  readonly code: ErrorCode | 'internal' | 'set-aside';
  readonly message: string;
}

/** Returns the text that the queue stores as the reason of a failure, which its dashboards show. */
export function failureText(error: unknown): string {
  if (error instanceof PixrnnError) return `${error.code}: ${error.message}`;
  return `internal: ${error instanceof Error ? error.message : String(error)}`;
}

/** What BullMQ writes for a job that is started again too often. */
const STALLED = /stalled more than allowable|started more than allowable/;

/** What BullMQ writes for a job that waited for one that failed. */
const CHILD = /^child \S+ failed$/;

/** Returns the failure for the reason that the queue stores. */
export function failureOf(text: string): Failure {
  if (STALLED.test(text)) {
    return { code: 'set-aside', message: 'three workers died or lost contact while coding it. Check their memory.' };
  }
  if (CHILD.test(text)) {
    return { code: 'internal', message: 'a tile of it failed. "pixrnn queue failed" lists the reason.' };
  }
  const [, code = 'internal', message = text] = /^([a-z-]+): (.*)$/s.exec(text) ?? [];
  return { code: code as Failure['code'], message };
}

/** Returns the error for a failure. */
export function failureError({ code, message }: Failure): Error {
  return code === 'internal' || code === 'set-aside' ? new Error(message) : new PixrnnError(code, message);
}

/** Whether trying again is useless: the input, not a disk or a network, is the cause. */
export function isFinal(error: unknown): boolean {
  return error instanceof PixrnnError && error.code !== 'output-failed';
}
