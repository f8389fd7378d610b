/**
 * What is done to make a file smaller: 1 the model alone; 2 its probabilities refined by a mixer that learns the image at hand; 3 the
 * model itself learns it as well, where its architecture can (otherwise the same as 2). Decoding takes the same effort.
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

export function engineFlags(effort: Effort): number {
  return (effort >= 2 ? FLAG_MIXER : 0) | (effort >= 3 ? FLAG_LEARNING : 0);
}
