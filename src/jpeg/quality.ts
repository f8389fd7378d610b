import { findScaledTable, MAX_QUALITY, MOZJPEG_BASE, scaledTable } from './quantisation.js';

/** The quality setting of an encoder that scales its tables as libjpeg does. */
export interface EstimatedQuality {
  /** 1..100. */
  readonly quality: number;
  /** Whether exactly this quality gives the file's luminance table; else the most similar one of libjpeg. */
  readonly exact: boolean;
  /** Whose tables are scaled: those of annex K (libjpeg and most encoders), or mozjpeg's own. */
  readonly tables: 'libjpeg' | 'mozjpeg';
}

/** Returns the quality for the steps of a luminance table. */
export function estimateQuality(steps: Uint16Array): EstimatedQuality {
  const scaled = findScaledTable(steps, false);
  if (scaled !== null) {
    return { quality: scaled.quality, exact: true, tables: scaled.base === MOZJPEG_BASE ? 'mozjpeg' : 'libjpeg' };
  }
  return { quality: closestQuality(sumOf(steps)), exact: false, tables: 'libjpeg' };
}

/** Returns the quality whose luminance table has the most similar sum of steps. */
function closestQuality(sum: number): number {
  let best = MAX_QUALITY;
  let smallest = Infinity;
  for (let quality = MAX_QUALITY; quality > 0; quality--) {
    const distance = Math.abs(sumOf(scaledTable({ base: 0, quality }, false)) - sum);
    if (distance < smallest) [best, smallest] = [quality, distance];
  }
  return best;
}

function sumOf(table: Uint16Array): number {
  return table.reduce((sum, step) => sum + step, 0);
}
