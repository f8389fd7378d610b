/**
 * Channel masks of the paper (section 3.4): features are split in one group per colour channel; a connection from group
 * `from` to group `to` at the same pixel is allowed when `from < to` (mask A) or `from <= to` (mask B).
 */
export type MaskType = 'A' | 'B';

/** Taps of a causal 3x3 kernel: NW, N, NE, W and the pixel itself. */
export const CAUSAL_TAPS = 5;

/**
 * A 0/1 matrix, [rows][columns] row-major: `rowGroups[i]` and `columnGroups[j]` are the groups of input i and output j.
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

/** The groups of `width` features in `channels` equal parts: [0, 0, .., 1, 1, .., 2, 2, ..]. */
export function featureGroups(width: number, channels: number): number[] {
  return Array.from({ length: width }, (_, i) => Math.floor((i * channels) / width));
}
