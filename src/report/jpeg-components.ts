import type { JpegComponentShape } from '../jpeg/coefficients.js';
import type { JpegColours } from '../jpeg/describe.js';

/** Where the bits of a component of a JPEG image are. */
export interface JpegComponentFigures {
  /** "Y", "Cb", "Cr"; "1", "2", ... if the file does not say what its components are. */
  readonly name: string;
  readonly blocks: number;
  /** Code length of its coefficients, and of DC alone. */
  readonly bits: number;
  readonly dcBits: number;
}

const NAMES: Readonly<Record<JpegColours, readonly string[]>> = {
  gray: ['Y'],
  YCbCr: ['Y', 'Cb', 'Cr'],
  RGB: ['R', 'G', 'B'],
  CMYK: ['C', 'M', 'Y', 'K'],
  YCCK: ['Y', 'Cb', 'Cr', 'K'],
  unknown: [],
};

/** Sums the code lengths of the blocks of each component, which alternate between AC and DC. */
export function jpegComponents(
  components: readonly JpegComponentShape[],
  colours: JpegColours,
  blockBits: readonly Float32Array[],
): JpegComponentFigures[] {
  return components.map(({ blocksWide, blocksHigh }, i) => {
    let [acBits, dcBits] = [0, 0];
    blockBits[i]?.forEach((bits, at) => (at % 2 === 0 ? (acBits += bits) : (dcBits += bits)));
    const name = NAMES[colours][i] ?? String(i + 1);
    return { name, blocks: blocksWide * blocksHigh, bits: acBits + dcBits, dcBits };
  });
}

/** Returns what the components share of the bits: "Y 84 %, Cb 9 %, Cr 7 %". */
export function componentShares(components: readonly JpegComponentFigures[]): string {
  const total = components.reduce((sum, { bits }) => sum + bits, 0);
  return components.map(({ name, bits }) => `${name} ${((100 * bits) / total).toFixed(0)} %`).join(', ');
}
