import { latin1Bytes } from '../bytes.js';
import type { PixelMap } from '../codec/measure.js';
import { packMetadata } from '../image/png-metadata.js';
import { writePng } from '../image/write-png.js';
import { BitCounts } from './bit-counts.js';
import { LEVELS, PALETTE } from './palette.js';

/** The share of pixels that a scale is to tell apart; the few others are of its last colour. */
const SHARE_ON_SCALE = 0.995;
/** Ends of scales, times a power of ten. */
const ROUND_NUMBERS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** Rows of the bar below a map that shows the scale, the dark line above it and its ticks included. */
const GAP = 2;
const BAR_ROWS = 12;
const TICK_ROWS = 3;
const TICKS = 4;
export const LEGEND_ROWS = GAP + BAR_ROWS + TICK_ROWS;

/** The end of a scale for these pixels: a round number of bits that all but a few of them stay below. */
export function scaleFor(counts: BitCounts): number {
  const wanted = counts.quantile(SHARE_ON_SCALE);
  const unit = 10 ** Math.floor(Math.log10(wanted));
  const ends = ROUND_NUMBERS.map((n) => Number((n * unit).toPrecision(2)));
  return ends.find((end) => end >= wanted) ?? ends.at(-1)!;
}

/**
 * Each pixel's colour, as a number of PALETTE, u8[height][width].
 * @param most bits a pixel that the last colour stands for, and all that is more
 */
export function levelsOf(bits: Float32Array, most: number): Uint8Array {
  return Uint8Array.from(bits, (value) => Math.min(LEVELS - 1, Math.round(((LEVELS - 1) * value) / most)));
}

/**
 * A PNG file of the map: pixels of the palette, so that a pixel's index is its bits on the scale, and below them the scale itself, from 0
 * at the left to `most` at the right with ticks at its quarters. What the scale says stands in its text chunks.
 */
export async function heatMapPng({ width, height, bits }: PixelMap, most: number): Promise<Uint8Array> {
  const samples = new Uint8Array(width * (height + LEGEND_ROWS));
  samples.set(levelsOf(bits, most));
  samples.set(legend(width), width * height);
  const text = (keyword: string, words: string) => ({
    type: 'tEXt',
    data: latin1Bytes(`${keyword}\0${words}`),
  });
  const beforeImage = [
    { type: 'PLTE', data: PALETTE },
    text('Software', 'pixrnn'),
    text('Description', `${scaleText(most)}. The ${LEGEND_ROWS} rows at the bottom are the scale.`),
    text('pixrnn:heatmap-max', String(most)),
  ];
  const metadata = await packMetadata({ beforeImage, afterImage: [], trailing: new Uint8Array(0) });
  const shape = { width, height: height + LEGEND_ROWS, channels: 1, depth: 8, indexed: true } as const;
  return writePng({ ...shape, samples }, metadata ? [metadata] : []);
}

/** "bits per pixel from 0 (black) to 24 (pale yellow) and more" */
export function scaleText(most: number): string {
  return `bits per pixel from 0 (black) to ${most} (pale yellow) and more`;
}

/** [LEGEND_ROWS][width]: a dark line, the colours from left to right, and ticks below them. */
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

/** The map in fewer pixels: each is the mean of those that fall on it. */
export function shrinkMap({ width, height, bits }: PixelMap, newWidth: number, newHeight: number): Float32Array {
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
