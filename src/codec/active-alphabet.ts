import { compressBrotli, decompressBrotli } from '../brotli.js';
import { concatBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import type { Raster } from '../image/raster.js';
import { bitmapBytes, type Depth } from '../samples.js';
import type { Container } from './container-layout.js';

/*
 * Images often have fewer values than their depth allows: 12-bit scans in 16 bits, stretched histograms, posters. The
 * active alphabet is one bitmap per channel of the values that occur: value v is bit v & 7 of byte v >> 3.
 */

/**
 * Estimated bits saved by each binary decision that the alphabet makes redundant: in the low bits of deep samples,
 * which the mixer does not learn, and elsewhere.
 */
const SAVED_BITS_DEEP = 1;
const SAVED_BITS_ELSE = 0.02;
/** The mixer refines this many of the upper bits. */
const MIXED_BITS = 8;

/** The values that occur, as a payload for files and as bitmaps for coders. */
export interface ActiveAlphabet {
  readonly payload: Uint8Array;
  /** One bitmap per channel of the image. */
  readonly bitmaps: readonly Uint8Array[];
}

/** Returns the active alphabet of an image, or null if storing it costs more than it saves. */
export async function findActiveAlphabet(raster: Raster): Promise<ActiveAlphabet | null> {
  const { channels, depth } = raster;
  let saved = 0;
  const bitmaps = Array.from({ length: channels }, (_, channel) => {
    const counts = histogram(raster, channel);
    saved += savedBits(counts, depth);
    return bitmapOf(counts, depth);
  });
  if (saved === 0) return null;
  const payload = await compressBrotli(concatBytes(bitmaps));
  return 8 * payload.length < saved ? { payload, bitmaps } : null;
}

/**
 * Returns the active alphabet of a container's image; null if any value may occur. Throws like `readActiveAlphabet`.
 */
export async function activeAlphabetOf({ header, activeAlphabet }: Container): Promise<ActiveAlphabet | null> {
  return activeAlphabet && readActiveAlphabet(activeAlphabet, header.channels, header.depth);
}

/**
 * Parses the payload of an active alphabet.
 * @throws PixrnnError 'file-corrupt' if the payload is not a list of bitmaps for such an image
 */
export async function readActiveAlphabet(payload: Uint8Array, channels: number, depth: Depth): Promise<ActiveAlphabet> {
  const length = bitmapBytes(depth);
  const all = await decompressBrotli(payload, channels * length).catch((cause: unknown) => {
    throw corrupt(cause);
  });
  if (all.length !== channels * length) throw corrupt();
  const bitmaps = Array.from({ length: channels }, (_, c) => all.slice(c * length, (c + 1) * length));
  const beyond = depth < 3 ? 0xff & ~(2 ** (2 ** depth) - 1) : 0;
  const isWellFormed = bitmaps.every(
    (bitmap) => bitmap.some((byte) => byte !== 0) && ((bitmap[0] ?? 0) & beyond) === 0,
  );
  if (!isWellFormed) throw corrupt();
  return { payload, bitmaps };
}

function corrupt(cause?: unknown): PixrnnError {
  const what = 'the .prnn file is damaged: the active alphabet is malformed';
  return new PixrnnError('file-corrupt', `${what}. Get the file again.`, { cause });
}

function histogram({ samples, channels, depth }: Raster, channel: number): Float64Array {
  const counts = new Float64Array(2 ** depth);
  for (let i = channel; i < samples.length; i += channels) {
    const value = samples[i] as number;
    counts[value] = (counts[value] as number) + 1;
  }
  return counts;
}

function bitmapOf(counts: Float64Array, depth: Depth): Uint8Array {
  const bitmap = new Uint8Array(bitmapBytes(depth));
  counts.forEach((count, value) => {
    if (count > 0) bitmap[value >> 3] = (bitmap[value >> 3] ?? 0) | (1 << (value & 7));
  });
  return bitmap;
}

/**
 * Estimates the bits that a channel's bitmap saves: the number of samples that reach a decision with a single outcome.
 */
function savedBits(counts: Float64Array, depth: Depth): number {
  let saved = 0;
  let nodes = counts;
  for (let bit = 0; bit < depth; bit++) {
    const each = depth - bit > MIXED_BITS ? SAVED_BITS_DEEP : SAVED_BITS_ELSE;
    const above = new Float64Array(nodes.length / 2);
    for (let i = 0; i < above.length; i++) {
      const [zero, one] = [nodes[2 * i] as number, nodes[2 * i + 1] as number];
      above[i] = zero + one;
      if (zero === 0 || one === 0) saved += each * (zero + one);
    }
    nodes = above;
  }
  return saved;
}
