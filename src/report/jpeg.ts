import { recordOf } from '../codec/code-jpeg.js';
import { type CompressedJpeg, compressJpeg, type CompressJpegOptions } from '../codec/compress-jpeg.js';
import { parseFile } from '../codec/container.js';
import type { JpegSource } from '../codec/jpeg-source.js';
import type { BitMap } from '../heat-map/bit-map.js';
import { blockMap } from '../heat-map/block-map.js';
import { describeJpeg } from '../jpeg/describe.js';
import { type JpegComponentFigures, jpegComponents } from './jpeg-components.js';

/** Sizes of one JPEG file or of several. */
interface JpegSizes {
  readonly sourceBytes: number;
  readonly prnnBytes: number;
  /** Size of the .prnn file in sizes of the JPEG file. */
  readonly ratio: number;
  /** Bits of the .prnn file and of the JPEG file per pixel. */
  readonly bitsPerPixel: { readonly file: number; readonly source: number };
}

/** Figures of a JPEG file, whose coefficients are coded: it has no samples of which bits/dim would be comparable. */
export interface JpegFigures extends JpegSizes, Pick<CompressedJpeg, 'width' | 'height' | 'effort' | 'storedBecause'> {
  /** Coded coefficients, those of thumbnails and other images in the file included. */
  readonly coefficientBytes: number;
  readonly recordBytes: number;
  /** The image itself, without others in the file; null if the file is stored. */
  readonly coefficients: CoefficientFigures | null;
}

/** Figures of the coefficients of a JPEG image. */
export interface CoefficientFigures {
  /** Chroma subsampling, as in "4:2:0". */
  readonly sampling: string;
  readonly components: readonly JpegComponentFigures[];
  readonly bits: number;
  /** Share of DC in the bits, 0 to 1. */
  readonly dcShare: number;
  readonly bitsPerCoefficient: number;
  /** Bits per block of 64 coefficients of a component. */
  readonly bitsPerBlock: number;
}

/** A measured JPEG file. */
export interface MeasuredJpeg {
  readonly figures: JpegFigures;
  /** Draws the bits per 8 x 8 pixels; null if the file is stored. */
  readonly drawMap: (() => BitMap) | null;
}

/** Compresses a JPEG file and returns its figures, and where its bits are. */
export async function measureJpeg(source: JpegSource, options: CompressJpegOptions): Promise<MeasuredJpeg> {
  const compressed = await compressJpeg(source, { ...options, verify: false, wantsBlockBits: true });
  const { width, height, effort, storedBecause, coefficientBytes, recordBytes, shape, blockBits } = compressed;
  const [sourceBytes, prnnBytes] = [source.bytes.length, compressed.bytes.length];
  const figures = {
    ...{ width, height, effort, storedBecause, coefficientBytes, recordBytes },
    ...sizesOf(sourceBytes, prnnBytes, width * height),
    coefficients: blockBits && (await coefficientFigures(compressed.bytes, blockBits)),
  };
  return { figures, drawMap: shape && blockBits && (() => blockMap(shape, blockBits)) };
}

async function coefficientFigures(prnn: Uint8Array, blockBits: readonly Float32Array[]): Promise<CoefficientFigures> {
  const file = parseFile(prnn, { maxPixels: Infinity });
  if (!('record' in file)) throw new Error('a file with measured blocks has a record');
  const { shape, sampling, colours } = describeJpeg(await recordOf(file));
  const components = jpegComponents(shape.components, colours, blockBits);
  const sum = (of: (component: JpegComponentFigures) => number): number =>
    components.reduce((total, component) => total + of(component), 0);
  const [bits, blocks] = [sum((component) => component.bits), sum((component) => component.blocks)];
  return {
    ...{ sampling, components, bits },
    dcShare: sum(({ dcBits }) => dcBits) / bits,
    bitsPerCoefficient: bits / (64 * blocks),
    bitsPerBlock: bits / blocks,
  };
}

/** Totals over several JPEG files. */
export interface JpegTotals extends JpegSizes {
  readonly files: number;
}

/** Returns totals over files, weighted by size. */
export function jpegTotalOf(files: readonly JpegFigures[]): JpegTotals {
  const sum = (of: (figures: JpegFigures) => number): number =>
    files.reduce((total, figures) => total + of(figures), 0);
  const [sourceBytes, prnnBytes] = [sum((figures) => figures.sourceBytes), sum((figures) => figures.prnnBytes)];
  const pixels = sum(({ width, height }) => width * height);
  return { files: files.length, ...sizesOf(sourceBytes, prnnBytes, pixels) };
}

function sizesOf(sourceBytes: number, prnnBytes: number, pixels: number): JpegSizes {
  const bitsPerPixel = { file: (8 * prnnBytes) / pixels, source: (8 * sourceBytes) / pixels };
  return { sourceBytes, prnnBytes, ratio: prnnBytes / sourceBytes, bitsPerPixel };
}
