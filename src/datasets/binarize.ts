import { createHash } from 'node:crypto';

/** Names the one draw there is; another number would give another data set. */
export const DRAW_SEED = 1;

/** Random bytes an image beyond one a pixel: of 784, three are refused in the mean. */
const SPARE = 256;

/**
 * Draws binary images of gray ones, once and for all: a pixel becomes 1 with probability value / 255, exactly. An image's
 * random numbers are the bytes of SHAKE256 over "pixrnn mnist <seed> <label>" without those that are 255, one a pixel in
 * raster order, and the pixel is 1 where its byte is less than its value; so anybody can draw the same images again.
 * `gray` is [image][pixels], and so is the result.
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
      if (byte === undefined) throw new Error(`the random numbers of "${label}" ran out`);
      drawn[i] = byte < gray[i]! ? 1 : 0;
    }
  }
  return drawn;
}
