import type { JpegFigures, JpegTotals } from './jpeg.js';
import { componentShares } from './jpeg-components.js';
import { formatTable } from './table.js';

const HEADINGS = ['image', 'JPEG bytes', '.prnn bytes', 'ratio', '.prnn', 'source'];
const COEFFICIENT_HEADINGS = ['coefficient', 'block', 'DC', 'components', 'file'];
/** Columns of text. */
const LEFT = ['image', 'components', 'file'];

const LEGEND = `JPEG files are coded as coefficients, not as pixels; with --allow-lossy-source, their decoded pixels are measured instead.
${formatTable(
  [
    ['ratio', 'size of the .prnn file relative to the JPEG file'],
    ['.prnn, source', 'size of the files, in bits/pixel'],
    ['coefficient, block', 'coded coefficients of the image, in bits each; a block has 64 coefficients'],
    ['DC', 'share of the DC coefficients in these bits; components: shares of Y, Cb, Cr'],
  ],
  ['left', 'left'],
)}`;

/** Returns the table of JPEG files, with a total if there are several, and its legend. */
export function jpegTable(
  files: readonly { readonly name: string; readonly figures: JpegFigures }[],
  totals: JpegTotals | null,
): string {
  const headings = [...HEADINGS, ...COEFFICIENT_HEADINGS];
  const rows = files.map(({ name, figures }) => {
    const stored = figures.storedBecause === null ? '' : ' (stored)';
    const { width, height } = figures;
    return [`${width} x ${height} JPEG`, ...sizeCells(figures), ...coefficientCells(figures), `${name}${stored}`];
  });
  if (totals) rows.push(['', ...sizeCells(totals), '', '', '', '', `total of ${totals.files}`]);
  const alignments = headings.map((heading) => (LEFT.includes(heading) ? 'left' : 'right'));
  return `${formatTable([headings, ...rows], alignments)}\n${LEGEND}`;
}

function sizeCells({ sourceBytes, prnnBytes, ratio, bitsPerPixel }: JpegFigures | JpegTotals): string[] {
  const sizes = [sourceBytes, prnnBytes].map((bytes) => bytes.toLocaleString('en-US'));
  const rates = [bitsPerPixel.file, bitsPerPixel.source].map((rate) => rate.toFixed(3));
  return [...sizes, ratio.toFixed(4), ...rates];
}

function coefficientCells({ coefficients }: JpegFigures): string[] {
  if (!coefficients) return ['-', '-', '-', '-'];
  const { bitsPerCoefficient, bitsPerBlock, dcShare, components } = coefficients;
  const share = `${(100 * dcShare).toFixed(1)} %`;
  return [bitsPerCoefficient.toFixed(3), bitsPerBlock.toFixed(2), share, componentShares(components)];
}
