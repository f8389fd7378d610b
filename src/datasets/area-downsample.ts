/** Samples of 8 bits, [height][width][channels]. */
export interface InterleavedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly samples: Uint8Array;
}

/**
 * An image shrunk to n x n: each sample is the mean over its part of the image, with pixels that lie in several parts
 * divided by area. The sums are whole numbers, so the means are exact; they are rounded to the nearest, halves up.
 * [n][n][channels]. Neither side may be smaller than n.
 */
export function areaDownsample({ width, height, channels, samples }: InterleavedImage, n: number): Uint8Array {
  if (width < n || height < n) throw new RangeError(`${width} x ${height} is smaller than ${n} x ${n}`);
  const columns = overlaps(width, n);
  const rows = overlaps(height, n);
  const area = width * height; // a part's, in units of which a pixel has n^2
  const sums = new Float64Array(n * n * channels); // at most 255 times the area, far below 2^53
  const shrunk = new Float64Array(n * channels);
  for (let y = 0, next = 0; y < height; y++) {
    shrunk.fill(0);
    for (const [x, i, weight] of columns) {
      for (let c = 0; c < channels; c++) {
        shrunk[i * channels + c]! += weight * samples[(y * width + x) * channels + c]!;
      }
    }
    for (; rows[next]?.[0] === y; next++) {
      const [, j, weight] = rows[next]!;
      for (let k = 0; k < shrunk.length; k++) sums[j * shrunk.length + k]! += weight * shrunk[k]!;
    }
  }
  return Uint8Array.from(sums, (sum) => Math.floor((2 * sum + area) / (2 * area)));
}

/**
 * How `length` pixels in a row share in n equal parts: pixel, part and what they have in common, where a pixel is n long
 * and a part `length`. In the pixels' order.
 */
function overlaps(length: number, n: number): (readonly [pixel: number, part: number, weight: number])[] {
  const shares: [number, number, number][] = [];
  for (let pixel = 0, part = 0; pixel < length;) {
    const end = Math.min((pixel + 1) * n, (part + 1) * length);
    shares.push([pixel, part, end - Math.max(pixel * n, part * length)]);
    // What ends here gives way to the next one; both may end at once.
    if (end === (part + 1) * length) part++;
    if (end === (pixel + 1) * n) pixel++;
  }
  return shares;
}
