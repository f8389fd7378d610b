import { latin1Bytes } from '../bytes.js';
import { packMetadata } from '../image/png-metadata.js';
import { writePng } from '../image/write-png.js';
import { BITS_PER_PIXEL, type BitMap, type MapUnit } from './bit-map.js';
import type { BitCounts } from './bit-counts.js';
import { LEVELS, PALETTE } from './palette.js';

/** The share of pixels within the scale; the others get its last colour. */
const SHARE_ON_SCALE = 0.995;
/** Maxima of scales, times a power of ten. */
const ROUND_NUMBERS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** Rows of the scale below a map: a dark gap, the colour bar and its ticks. */
const GAP = 2;
const BAR_ROWS = 12;
const TICK_ROWS = 3;
const TICKS = 4;
export const LEGEND_ROWS = GAP + BAR_ROWS + TICK_ROWS;

/** Returns the maximum of the scale for these pixels: a round number of bits that SHARE_ON_SCALE of them do not exceed. */
export function scaleFor(counts: BitCounts): number {
  const wanted = counts.quantile(SHARE_ON_SCALE);
  const unit = 10 ** Math.floor(Math.log10(wanted));
  const ends = ROUND_NUMBERS.map((n) => Number((n * unit).toPrecision(2)));
  return ends.find((end) => end >= wanted) ?? ends.at(-1)!;
}

/**
 * Returns each pixel's index in PALETTE, u8[height][width].
 * @param maxBits bits of the last colour; larger values are clamped
 */
export function levelsOf(bits: Float32Array, maxBits: number): Uint8Array {
  return Uint8Array.from(bits, (value) => Math.min(LEVELS - 1, Math.round(((LEVELS - 1) * value) / maxBits)));
}

/**
 * Returns the map as an indexed PNG file, in which a pixel's index is proportional to its bits. Below the map is the scale, from 0 on
 * the left to `maxBits` on the right, with ticks at its quarters; the text chunks state its range.
 */
export async function heatMapPng(
  { width, height, bits }: BitMap,
  maxBits: number,
  unit: MapUnit = BITS_PER_PIXEL,
): Promise<Uint8Array> {
  const samples = new Uint8Array(width * (height + LEGEND_ROWS));
  samples.set(levelsOf(bits, maxBits));
  samples.set(legend(width), width * height);
  const text = (keyword: string, words: string) => ({
    type: 'tEXt',
    data: latin1Bytes(`${keyword}\0${words}`),
  });
  const beforeImage = [
    { type: 'PLTE', data: PALETTE },
    text('Software', 'pixrnn'),
    text('Description', `${scaleText(maxBits, unit)}. The ${LEGEND_ROWS} rows at the bottom are the scale.`),
    text('pixrnn:heatmap-max', String(maxBits)),
    text('pixrnn:heatmap-unit', unit.name),
  ];
  const metadata = await packMetadata({ beforeImage, afterImage: [], trailing: new Uint8Array(0) });
  const shape = { width, height: height + LEGEND_ROWS, channels: 1, depth: 8, indexed: true } as const;
  return writePng({ ...shape, samples }, metadata ? [metadata] : []);
}

/** "bits per pixel from 0 (black) to 24 (pale yellow) and more" */
export function scaleText(maxBits: number, { name }: MapUnit): string {
  return `${name} from 0 (black) to ${maxBits} (pale yellow) and more`;
}

/** Returns the scale, [LEGEND_ROWS][width]: a dark gap, the colours from left to right, and the ticks. */
function legend(width: number): Uint8Array {
  const rows = new Uint8Array(LEGEND_ROWS * width);
  const last = Math.max(1, width - 1);
  const colours = Uint8Array.from({ length: width }, (_, x) => Math.round(((LEVELS - 1) * x) / last));
  for (let row = 0; row < BAR_ROWS; row++) rows.set(colours, (GAP + row) * width);
  for (let row = GAP + BAR_ROWS; row < LEGEND_ROWS; row++) {
    for (let tick = 0; tick <= TICKS; tick++) rows[row * width + Math.round((last * tick) / TICKS)] = LEVELS - 1;
  }
  return rows;
}

/** Downsamples a map: each pixel is the mean of the pixels that map to it. */
export function shrinkMap({ width, height, bits }: BitMap, newWidth: number, newHeight: number): Float32Array {
  const sums = new Float64Array(newWidth * newHeight);
  const counts = new Uint32Array(newWidth * newHeight);
  const columns = Uint32Array.from({ length: width }, (_, x) => Math.floor((x * newWidth) / width));
  for (let y = 0, from = 0; y < height; y++) {
    const row = Math.floor((y * newHeight) / height) * newWidth;
    for (let x = 0; x < width; x++) {
      const at = row + columns[x]!;
      sums[at]! += bits[from++]!;
      counts[at]! += 1;
    }
  }
  return Float32Array.from(sums, (total, at) => total / counts[at]!);
}
