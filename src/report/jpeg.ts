import { type CompressedJpeg, compressJpeg, type CompressJpegOptions } from '../codec/compress-jpeg.js';
import type { JpegSource } from '../codec/jpeg-source.js';
import { formatTable } from './table.js';

/** Figures of a JPEG file, whose coefficients are coded: it has no samples of which bits/dim would be comparable. */
export interface JpegFigures extends Pick<CompressedJpeg, 'width' | 'height' | 'effort' | 'storedBecause'> {
  readonly sourceBytes: number;
  readonly prnnBytes: number;
  readonly coefficientBytes: number;
  readonly recordBytes: number;
  /** Size of the .prnn file in sizes of the JPEG file. */
  readonly ratio: number;
  /** Bits of the .prnn file and of the JPEG file per pixel. */
  readonly bitsPerPixel: { readonly file: number; readonly source: number };
}

/** Compresses a JPEG file and returns its figures. */
export async function measureJpeg(source: JpegSource, options: CompressJpegOptions): Promise<JpegFigures> {
  const compressed = await compressJpeg(source, { ...options, verify: false });
  const { width, height, effort, storedBecause, coefficientBytes, recordBytes } = compressed;
  const [sourceBytes, prnnBytes] = [source.bytes.length, compressed.bytes.length];
  const rate = (bytes: number): number => (8 * bytes) / (width * height);
  return {
    ...{ width, height, effort, storedBecause, sourceBytes, prnnBytes, coefficientBytes, recordBytes },
    ratio: prnnBytes / sourceBytes,
    bitsPerPixel: { file: rate(prnnBytes), source: rate(sourceBytes) },
  };
}

const HEADINGS = ['image', 'JPEG bytes', '.prnn bytes', 'ratio', '.prnn', 'source', 'file'];
const LEGEND =
  'JPEG files are coded as coefficients, not as pixels. Rates of .prnn and source are in bits/pixel.\n' +
  'With --allow-lossy-source, their decoded pixels are measured instead.\n';

/** Returns the table of JPEG files, with a total if there are several, and its legend. */
export function jpegTable(files: readonly { readonly name: string; readonly figures: JpegFigures }[]): string {
  const rows = files.map(({ name, figures }) => {
    const { width, height, storedBecause, sourceBytes, prnnBytes, bitsPerPixel } = figures;
    const stored = storedBecause === null ? '' : ' (stored)';
    const rates = [bitsPerPixel.file, bitsPerPixel.source].map((rate) => rate.toFixed(3));
    return [`${width} x ${height} JPEG`, ...sizeCells(sourceBytes, prnnBytes), ...rates, `${name}${stored}`];
  });
  if (files.length > 1) {
    const sum = (of: (figures: JpegFigures) => number) => files.reduce((total, { figures }) => total + of(figures), 0);
    const sizes = [sum(({ sourceBytes }) => sourceBytes), sum(({ prnnBytes }) => prnnBytes)] as const;
    const pixels = sum(({ width, height }) => width * height);
    const rates = [sizes[1], sizes[0]].map((bytes) => ((8 * bytes) / pixels).toFixed(3));
    rows.push(['', ...sizeCells(...sizes), ...rates, `total of ${files.length}`]);
  }
  const alignments = HEADINGS.map((_, i) => (i === 0 || i === HEADINGS.length - 1 ? 'left' : 'right'));
  return `${formatTable([HEADINGS, ...rows], alignments)}\n${LEGEND}`;
}

function sizeCells(sourceBytes: number, prnnBytes: number): string[] {
  const [source, prnn] = [sourceBytes, prnnBytes].map((bytes) => bytes.toLocaleString('en-US'));
  return [source!, prnn!, (prnnBytes / sourceBytes).toFixed(4)];
}
