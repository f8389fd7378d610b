import type { JpegImage, JpegShape } from '../jpeg/coefficients.js';

/** Coefficients of a component up to which an image is one band: about 8 megapixels. */
const MAX_BAND_COEFFICIENTS = 2 ** 23;
const BLOCK = 64;

/**
 * Rows of MCUs [from, to) of an image, coded on their own. A row of MCUs has `vertical` rows of blocks of each
 * component; components may end before the last row.
 */
export interface JpegBand {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts an image into bands of nearly equal height, as few as keep each component within 2^23 coefficients a band. The
 * cut depends on the sizes alone, so that the decoder repeats it.
 */
export function bandsOf({ components }: JpegShape): JpegBand[] {
  const rows = Math.max(...components.map(({ blocksHigh, vertical }) => Math.ceil(blocksHigh / vertical)));
  const largest = Math.max(...components.map(({ blocksWide, blocksHigh }) => blocksWide * blocksHigh * BLOCK));
  const count = Math.min(rows, Math.ceil(largest / MAX_BAND_COEFFICIENTS));
  const start = (band: number): number => Math.floor((rows * band) / count);
  return Array.from({ length: count }, (_, band) => ({ from: start(band), to: start(band + 1) }));
}

/** Returns the part of an image that is in a band; its coefficients are views. */
export function imageOfBand(image: JpegImage, band: JpegBand): JpegImage {
  const components = image.components.map((component) => {
    const { blocksWide, coefficients } = component;
    const [from, to] = blockRows(component, band);
    const row = blocksWide * BLOCK;
    return { ...component, blocksHigh: to - from, coefficients: coefficients.subarray(from * row, to * row) };
  });
  return { ...image, components };
}

/** Returns an image of a shape whose coefficients are zero. */
export function allocateImage(shape: JpegShape): JpegImage {
  const components = shape.components.map((component) => ({
    ...component,
    coefficients: new Int16Array(component.blocksWide * component.blocksHigh * BLOCK),
  }));
  return { ...shape, components };
}

/**
 * Returns arrays for the code length of each block in bits, one for each component, f32[blocksHigh][blocksWide][2]: of
 * its AC coefficients, then of DC.
 */
export function allocateBlockBits({ components }: JpegShape): Float32Array[] {
  return components.map(({ blocksWide, blocksHigh }) => new Float32Array(2 * blocksWide * blocksHigh));
}

/** Returns the part of the arrays of an image's block bits that belongs to a band, as views. */
export function blockBitsOfBand(
  bits: readonly Float32Array[],
  { components }: JpegShape,
  band: JpegBand,
): Float32Array[] {
  return components.map((component, i) => {
    const [from, to] = blockRows(component, band);
    return bits[i]!.subarray(2 * from * component.blocksWide, 2 * to * component.blocksWide);
  });
}

function blockRows(
  { blocksHigh, vertical }: { readonly blocksHigh: number; readonly vertical: number },
  { from, to }: JpegBand,
): [from: number, to: number] {
  return [Math.min(blocksHigh, from * vertical), Math.min(blocksHigh, to * vertical)];
}
