import type { Effort } from '#pixrnn/effort.js';

/** Efforts at which one model codes in different ways: from 2 on, it codes alike. */
export const CODINGS: readonly Effort[] = [1, 3];
