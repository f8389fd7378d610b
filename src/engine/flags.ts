import type { Effort } from '../effort.js';

/* Flags of the engine's `start` (assembly/loop.ts). */

export const FLAG_MIXER = 1;
export const FLAG_LEARNING = 2;
export const FLAG_INTERVALS = 4;
export const FLAG_KNOWN = 8;
export const FLAG_PIXEL_BITS = 16;
export const FLAG_KNOWN_FIRST = 32;

export function engineFlags(effort: Effort): number {
  return effort >= 2 ? FLAG_LEARNING | FLAG_MIXER : 0;
}
