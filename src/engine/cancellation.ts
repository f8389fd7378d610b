import { hasSharedMemory } from './shared-memory.js';

/*
 * Cancellation of a running job. A worker is busy inside WebAssembly and reads no messages, so it polls shared memory.
 * Pages that are not cross-origin isolated have no shared memory: there the owner terminates the worker instead.
 */

/** A flag that a worker polls; null where threads share no memory. */
export type CancelFlag = Int32Array | null;

/** Returns a flag that is not set. */
export function createCancelFlag(): CancelFlag {
  return hasSharedMemory() ? new Int32Array(new SharedArrayBuffer(4)) : null;
}

/** Sets a flag. */
export function setCancelFlag(flag: Int32Array): void {
  Atomics.store(flag, 0, 1);
}

/** Returns whether a flag is set. */
export function isCancelled(flag: CancelFlag): boolean {
  return flag !== null && Atomics.load(flag, 0) !== 0;
}
