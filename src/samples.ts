import { equalBytes } from './bytes.js';

/* Samples as all modules hold them. */

/** Gray, gray + alpha, RGB, RGBA. Alpha comes last and is not premultiplied. */
export type Channels = 1 | 2 | 3 | 4;

/** Valid bit depths. */
export const DEPTHS = [1, 2, 4, 8, 16] as const;
/** Bits per sample: 1, 2, 4, 8 or 16. */
export type Depth = (typeof DEPTHS)[number];

/** One element per sample, neither packed nor scaled; a Uint16Array if and only if the depth is 16. */
export type Samples = Uint8Array | Uint16Array;

/** Returns an array of `count` zero samples. */
export function allocateSamples(count: number, depth: Depth): Samples {
  return depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
}

/** Size in bytes of an active-alphabet bitmap: value v is bit v & 7 of byte v >> 3. */
export function bitmapBytes(depth: Depth): number {
  return Math.ceil(2 ** depth / 8);
}

/** Returns whether both arrays hold the same samples. */
export function sameSamples(a: Samples, b: Samples): boolean {
  return equalBytes(memoryOf(a), memoryOf(b));
}

/** Returns the bytes that hashes cover: one per sample, or two (big-endian) for 16-bit samples. */
export function hashedBytes(samples: Samples): Uint8Array {
  return samples instanceof Uint8Array ? samples : packSamples(samples, 16);
}

/** Size in bytes of packed samples. */
export function packedLength(count: number, depth: Depth): number {
  return Math.ceil((count * depth) / 8);
}

/**
 * Packs samples, the first one into the most significant bits, and pads the last byte with zeros; 16-bit samples are
 * big-endian.
 */
export function packSamples(
  samples: Samples,
  depth: Depth,
  target: Uint8Array = new Uint8Array(packedLength(samples.length, depth)),
): Uint8Array {
  const count = samples.length;
  if (depth === 16) {
    for (let i = 0, at = 0; i < count; i++, at += 2) {
      target[at] = samples[i]! >> 8;
      target[at + 1] = samples[i]! & 0xff;
    }
  } else if (depth === 8) {
    target.set(samples);
  } else {
    target.fill(0);
    for (let i = 0; i < count; i++) {
      const bit = i * depth;
      target[bit >> 3]! |= samples[i]! << (8 - depth - (bit & 7));
    }
  }
  return target;
}

/** Inverse of `packSamples`: reads target.length samples from `bytes`, starting at byte `start`. */
export function unpackSamples(bytes: Uint8Array, start: number, depth: Depth, target: Samples): void {
  const count = target.length;
  if (depth === 16) {
    for (let i = 0, at = start; i < count; i++, at += 2) target[i] = (bytes[at]! << 8) | bytes[at + 1]!;
  } else if (depth === 8) {
    target.set(bytes.subarray(start, start + count));
  } else {
    const mask = (1 << depth) - 1;
    for (let i = 0; i < count; i++) {
      const bit = i * depth;
      target[i] = (bytes[start + (bit >> 3)]! >> (8 - depth - (bit & 7))) & mask;
    }
  }
}

function memoryOf({ buffer, byteOffset, byteLength }: Samples): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
