import { createHash } from 'node:crypto';

/** The seed of the data set; another seed would give another data set. */
export const DRAW_SEED = 1;

/** Extra random bytes per image, because bytes of 255 are skipped: on average three of 784. */
const SPARE = 256;

/**
 * Draws binary images from gray images, reproducibly: a pixel becomes 1 with probability value / 255, exactly. Pixels are
 * compared in raster order with the bytes of SHAKE256 over "pixrnn mnist <seed> <label>", where bytes of 255 are skipped; a
 * pixel is 1 if its byte is less than its value. `gray` and the result are [image][pixels].
 */
export function drawImages(
  gray: Uint8Array,
  pixels: number,
  labelOf: (image: number) => string,
  seed = DRAW_SEED,
): Uint8Array {
  const drawn = new Uint8Array(gray.length);
  for (let image = 0; image * pixels < gray.length; image++) {
    const label = `pixrnn mnist ${seed} ${labelOf(image)}`;
    const random = createHash('shake256', { outputLength: pixels + SPARE })
      .update(label)
      .digest();
    let next = 0;
    for (let i = image * pixels; i < (image + 1) * pixels; i++) {
      while (random[next] === 255) next++;
      const byte = random[next++];
      if (byte === undefined) throw new Error(`not enough random bytes for "${label}"`);
      drawn[i] = byte < gray[i]! ? 1 : 0;
    }
  }
  return drawn;
}
