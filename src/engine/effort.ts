/**
 * How much work is spent on making a file smaller. 1 codes with the model alone. 2 adds a mixer that refines the
 * model's probabilities while it learns the image. 3 also trains the model on the image while coding, if its
 * architecture supports that (otherwise equal to 2). Decoding needs the same effort.
 */
export type Effort = 1 | 2 | 3;

export const EFFORTS: readonly Effort[] = [1, 2, 3];
export const DEFAULT_EFFORT: Effort = 3;

/** Flags of the engine's `start` (assembly/loop.ts). */
const FLAG_MIXER = 1;
export const FLAG_LEARNING = 2;
export const FLAG_INTERVALS = 4;
export const FLAG_KNOWN = 8;
export const FLAG_PIXEL_BITS = 16;
export const FLAG_KNOWN_FIRST = 32;

export function engineFlags(effort: Effort): number {
  return (effort >= 2 ? FLAG_MIXER : 0) | (effort >= 3 ? FLAG_LEARNING : 0);
}
