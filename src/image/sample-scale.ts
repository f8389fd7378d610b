import { allocateSamples, type Channels, type Depth, type Samples } from '../samples.js';
import { significantBits } from './ancillary-chunks.js';
import type { PngChunk } from './png-chunks.js';
import type { PngMetadata } from './png-metadata.js';
import type { Raster } from './raster.js';

/*
 * Scaling between formats with any maximum sample value and PNG, whose maximum is 2^depth - 1. A sample becomes
 * round(sample * PNG maximum / source maximum), as in the PNG standard (section 12.4), so that the image looks right in
 * every viewer. The mapping is injective and the source maximum is recorded, so samples are restored exactly: in an
 * sBIT chunk if the maximum is 2^n - 1, the purpose of sBIT, else in a private chunk of pixrnn.
 */

/**
 * The source's maximum sample value, 2 bytes. The chunk is ancillary, private, and unsafe to copy if samples change.
 */
const HIGHEST_CHUNK = 'pxMV';

/** Returns the smallest PNG depth for samples up to `highest`. */
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

/** Returns the chunk that records the maximum sample value of all channels; none if the depth implies it. */
export function highestChunks(highest: number, channels: Channels, depth: Depth): PngChunk[] {
  if (highest === 2 ** depth - 1) return [];
  const bits = Math.log2(highest + 1);
  if (Number.isInteger(bits)) return [significantBits(Array.from({ length: channels }, () => bits))];
  return [{ type: HIGHEST_CHUNK, data: Uint8Array.of(highest >> 8, highest & 0xff) }];
}

/**
 * Inverse of `scaleUp` and `highestChunks`. Returns the source's samples if every sample can be the result of such
 * scaling, else the samples unchanged.
 */
export function scaleDown(raster: Raster, metadata: PngMetadata): { samples: Samples; highest: number } {
  const { samples, depth } = raster;
  const full = 2 ** depth - 1;
  const highest = recordedHighest(raster, metadata);
  if (highest === null || highest >= full) return { samples, highest: full };
  const scaled = allocateSamples(samples.length, highest < 256 ? 8 : 16);
  for (let i = 0; i < samples.length; i++) {
    const sample = rounded(samples[i]!, highest, full);
    if (rounded(sample, full, highest) !== samples[i]) return { samples, highest: full };
    scaled[i] = sample;
  }
  return { samples: scaled, highest };
}

function recordedHighest({ channels, depth }: Raster, { beforeImage }: PngMetadata): number | null {
  const find = (type: string): Uint8Array | undefined => beforeImage.find((chunk) => chunk.type === type)?.data;
  const recorded = find(HIGHEST_CHUNK);
  if (recorded?.length === 2) return Math.max(1, (recorded[0]! << 8) | recorded[1]!);
  const bits = find('sBIT');
  if (bits?.length !== channels || bits.some((n) => n !== bits[0] || n < 1 || n > depth)) return null;
  return 2 ** bits[0]! - 1;
}

/** Returns sample * to / from, rounded to nearest. Exact, since the products are integers far below 2^53. */
export function rounded(sample: number, to: number, from: number): number {
  return Math.floor((2 * sample * to + from) / (2 * from));
}
