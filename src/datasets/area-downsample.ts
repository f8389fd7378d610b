/** An image of 8-bit samples, [height][width][channels]. */
export interface InterleavedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly samples: Uint8Array;
}

/**
 * Downsamples an image to n x n by area: each output sample is the mean over its part of the image, where pixels that overlap
 * several parts count by area. Sums are integers, so means are exact; they are rounded to nearest, halves up. Returns
 * [n][n][channels]. Throws RangeError if a side is smaller than n.
 */
export function areaDownsample({ width, height, channels, samples }: InterleavedImage, n: number): Uint8Array {
  if (width < n || height < n) throw new RangeError(`${width} x ${height} is smaller than ${n} x ${n}`);
  const columns = overlaps(width, n);
  const rows = overlaps(height, n);
  const area = width * height; // of a part, in units of 1 / n^2 pixels
  const sums = new Float64Array(n * n * channels); // at most 255 * area, far below 2^53
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
 * Returns the overlaps of a row of `length` pixels with n equal parts, ordered by pixel. The weight is the length of the
 * overlap, where a pixel has length n and a part has length `length`.
 */
function overlaps(length: number, n: number): (readonly [pixel: number, part: number, weight: number])[] {
  const shares: [number, number, number][] = [];
  for (let pixel = 0, part = 0; pixel < length;) {
    const end = Math.min((pixel + 1) * n, (part + 1) * length);
    shares.push([pixel, part, end - Math.max(pixel * n, part * length)]);
    // Advance the part or the pixel that ends here; both may end at once.
    if (end === (part + 1) * length) part++;
    if (end === (pixel + 1) * n) pixel++;
  }
  return shares;
}
