import { allocateSamples, type Channels, type Depth, type Samples } from '../samples.js';
import { significantBits } from './ancillary-chunks.js';
import type { PngChunk } from './png-chunks.js';
import type { PngMetadata } from './png-metadata.js';
import type { Raster } from './raster.js';

/*
 * Formats whose samples go from 0 to any number, and PNG, whose samples go to 2^depth - 1. A sample becomes
 * round(sample * highest of PNG / highest of the source), as the PNG standard has it (section 12.4), so that the image
 * looks right in every viewer. No two samples become the same, and the highest of the source is noted: in an sBIT chunk
 * where it is 2^n - 1, which is what sBIT is for, else in a chunk of pixrnn's own. So the samples come back exactly.
 */

/** The highest sample of the source, 2 bytes: ancillary, private, and unsafe to copy where samples change. */
const HIGHEST_CHUNK = 'pxMV';

/** The least depth that PNG has for samples up to `highest`. */
export function depthFor(highest: number, channels: Channels): Depth {
  const depths: readonly Depth[] = channels === 1 ? [1, 2, 4, 8, 16] : [8, 16];
  return depths.find((depth) => highest < 2 ** depth)!;
}

/** Scales samples up to `highest` in place. */
export function scaleUp(samples: Samples, highest: number, depth: Depth): void {
  const full = 2 ** depth - 1;
  if (highest === full) return;
  const table = Float64Array.from({ length: highest + 1 }, (_, sample) => rounded(sample, full, highest));
  for (let i = 0; i < samples.length; i++) samples[i] = table[samples[i]!]!;
}

/** The chunk that notes what the highest sample was, for all channels alike; none where the depth says it. */
export function highestChunks(highest: number, channels: Channels, depth: Depth): PngChunk[] {
  if (highest === 2 ** depth - 1) return [];
  const bits = Math.log2(highest + 1);
  if (Number.isInteger(bits)) return [significantBits(Array.from({ length: channels }, () => bits))];
  return [{ type: HIGHEST_CHUNK, data: Uint8Array.of(highest >> 8, highest & 0xff) }];
}

/** The reverse of scaleUp and highestChunks: the samples as they were, where every one of them can have been scaled so. */
export function scaleDown(raster: Raster, metadata: PngMetadata): { samples: Samples; highest: number } {
  const { samples, depth } = raster;
  const full = 2 ** depth - 1;
  const highest = notedHighest(raster, metadata);
  if (highest === null || highest >= full) return { samples, highest: full };
  const scaled = allocateSamples(samples.length, highest < 256 ? 8 : 16);
  for (let i = 0; i < samples.length; i++) {
    const sample = rounded(samples[i]!, highest, full);
    if (rounded(sample, full, highest) !== samples[i]) return { samples, highest: full };
    scaled[i] = sample;
  }
  return { samples: scaled, highest };
}

function notedHighest({ channels, depth }: Raster, { beforeImage }: PngMetadata): number | null {
  const find = (type: string): Uint8Array | undefined => beforeImage.find((chunk) => chunk.type === type)?.data;
  const noted = find(HIGHEST_CHUNK);
  if (noted?.length === 2) return Math.max(1, (noted[0]! << 8) | noted[1]!);
  const bits = find('sBIT');
  if (bits?.length !== channels || bits.some((n) => n !== bits[0] || n < 1 || n > depth)) return null;
  return 2 ** bits[0]! - 1;
}

/** The nearest to sample * to / from: exact, for the products are integers far below 2^53. */
export function rounded(sample: number, to: number, from: number): number {
  return Math.floor((2 * sample * to + from) / (2 * from));
}
