/**
 * How much work is spent on making a file smaller. 1 codes with a small model as it is; from 2 on, photo models learn the
 * image while coding, and so does a mixer that refines their probabilities; 3 uses a larger model, 4 the largest. Decoding
 * needs the same effort.
 */
export type Effort = 1 | 2 | 3 | 4;

export const EFFORTS: readonly Effort[] = [1, 2, 3, 4];
export const DEFAULT_EFFORT: Effort = 3;

/** Efforts of the coder of JPEG coefficients. */
export type JpegEffort = Exclude<Effort, 4>;

export const JPEG_EFFORTS: readonly JpegEffort[] = [1, 2, 3];

/** Returns the effort of JPEG coefficients in an image of this effort: 4 acts as 3. */
export function jpegEffort(effort: Effort): JpegEffort {
  return effort === 4 ? 3 : effort;
}
