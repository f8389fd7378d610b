/** Memory of an engine thread. */
const THREAD_BYTES = 140 * 2 ** 20;
/** Assumed where the browser does not report the memory of the machine. */
const USUAL_GIBIBYTES = 4;
/** The part of the memory that engine threads may use. */
const SHARE = 1 / 2;

/**
 * Returns the default number of engine threads: one per core, as many as fit into the memory budget.
 * @param memoryBytes default: half of the machine's memory, as far as the browser reports it
 */
export function defaultThreads(memoryBytes = defaultBudget()): number {
  const fitting = Math.floor(memoryBytes / THREAD_BYTES);
  return Math.max(1, Math.min(navigator.hardwareConcurrency || 1, fitting));
}

function defaultBudget(): number {
  const { deviceMemory = USUAL_GIBIBYTES } = navigator as { deviceMemory?: number };
  return deviceMemory * 2 ** 30 * SHARE;
}
