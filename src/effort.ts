/**
 * How much work is spent on making a file smaller. 1 codes with a small model alone, 2 adds a mixer that refines the
 * model's probabilities while it learns the image, and 3 uses a larger model. Photo models learn while coding at every
 * effort. Decoding needs the same effort.
 */
export type Effort = 1 | 2 | 3;

export const EFFORTS: readonly Effort[] = [1, 2, 3];
export const DEFAULT_EFFORT: Effort = 3;
