import type { ChromaGrid } from '../chroma-grid.js';
import { type ColourRule, findLuma, type LumaRange } from '../colour-rule.js';
import { isClipped } from '../pixel-chroma.js';
import type { Planes } from '../planes.js';

/** What the pixels of an image say about the samples of one of its planes; all arrays are [height][width]. */
export interface KnownSamples {
  readonly width: number;
  readonly height: number;
  /** The likeliest samples. */
  readonly samples: Uint8Array;
  readonly lowest: Uint8Array;
  readonly highest: Uint8Array;
  /** 1 where the sample is as computed by the decoder, or very near; 0 where clipped colours leave it open. */
  readonly isClear: Uint8Array;
}

/** Returns a mask of the pixels without a clipped channel, [height][width]. */
export function clearPixels(samples: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: samples.length / 3 }, (_, i) => (isClipped(samples, 3 * i) ? 0 : 1));
}

/** Returns what gray samples say: all but whether they were clipped. */
export function knownGray(samples: Uint8Array, width: number, height: number): KnownSamples {
  const isClear = samples.map((sample) => (sample > 0 && sample < 255 ? 1 : 0));
  return { width, height, samples, lowest: samples, highest: samples, isClear };
}

/** Returns what the colours of pixels say about luma, given chroma. */
export function knownLuma(
  samples: Uint8Array,
  rule: ColourRule,
  grid: ChromaGrid,
  [first, second]: Planes['chroma'],
  isClear: Uint8Array,
): KnownSamples {
  const { width, height } = grid;
  const luma = new Uint8Array(width * height);
  const lowest = new Uint8Array(luma.length);
  const highest = new Uint8Array(luma.length).fill(255);
  const range: LumaRange = { lowest: 0, highest: 0 };
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const follows = findLuma(rule, samples, 3 * i, grid.chromaAt(first, x, y), grid.chromaAt(second, x, y), range);
      luma[i] = Math.max(0, Math.min(255, (range.lowest + range.highest) >> 1));
      // A pixel without any luma is an exception: its luma is free.
      if (follows) [lowest[i], highest[i]] = [range.lowest, range.highest];
    }
  }
  return { width, height, samples: luma, lowest, highest, isClear };
}

/** Returns what the pixels say about an estimated chroma plane. */
export function knownChroma(samples: Uint8Array, grid: ChromaGrid, isClear: Uint8Array): KnownSamples {
  const { columns, rows, width, hasExactCells } = grid;
  const tolerance = hasExactCells ? 0 : 1;
  const clear = new Uint8Array(samples.length);
  const lowest = new Uint8Array(samples.length);
  const highest = new Uint8Array(samples.length).fill(255);
  for (let row = 0, cell = 0; row < rows.count; row++) {
    for (let column = 0; column < columns.count; column++, cell++) {
      if (
        !isAreaClear(isClear, width, columns.start[column]!, columns.end[column]!, rows.start[row]!, rows.end[row]!)
      ) {
        continue;
      }
      clear[cell] = 1;
      lowest[cell] = Math.max(0, samples[cell]! - tolerance);
      highest[cell] = Math.min(255, samples[cell]! + tolerance);
    }
  }
  return { width: columns.count, height: rows.count, samples, lowest, highest, isClear: clear };
}

function isAreaClear(
  isClear: Uint8Array,
  width: number,
  left: number,
  right: number,
  top: number,
  bottom: number,
): boolean {
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) if (!isClear[y * width + x]) return false;
  return true;
}
