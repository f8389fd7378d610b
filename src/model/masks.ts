/**
 * Channel masks of the paper (section 3.4). Features are split into one group per colour channel; a connection from
 * group `from` to group `to` at the same pixel is allowed if `from < to` (mask A) or `from <= to` (mask B).
 */
export type MaskType = 'A' | 'B';

/** Number of taps of a causal 3x3 kernel: NW, N, NE, W and the pixel itself. */
export const CAUSAL_TAPS = 5;

/**
 * Returns a 0/1 matrix, [rows][columns] row-major; `rowGroups[i]` and `columnGroups[j]` are the groups of input i and
 * output j.
 */
export function channelMask(
  rowGroups: readonly number[],
  columnGroups: readonly number[],
  type: MaskType,
): Float32Array {
  const mask = new Float32Array(rowGroups.length * columnGroups.length);
  rowGroups.forEach((from, i) => {
    columnGroups.forEach((to, j) => {
      if (type === 'A' ? from < to : from <= to) mask[i * columnGroups.length + j] = 1;
    });
  });
  return mask;
}

/** Returns the groups of `width` features in `channels` equal parts: [0, 0, .., 1, 1, .., 2, 2, ..]. */
export function featureGroups(width: number, channels: number): number[] {
  return Array.from({ length: width }, (_, i) => Math.floor((i * channels) / width));
}
