/** Returns whether threads share memory here: web pages need cross-origin isolation for that. */
export function hasSharedMemory(): boolean {
  return typeof SharedArrayBuffer !== 'undefined';
}
