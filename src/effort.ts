/**
 * How much work is spent on making a file smaller. 1 codes with a small model as it is; from 2 on, photo models learn the
 * image while coding, and so does a mixer that refines their probabilities; 3 uses a larger model. Decoding needs the
 * same effort.
 */
export type Effort = 1 | 2 | 3;

export const EFFORTS: readonly Effort[] = [1, 2, 3];
export const DEFAULT_EFFORT: Effort = 3;
