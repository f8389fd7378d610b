import { equalBytes } from './bytes.js';

/* Samples as every part of pixrnn holds them. */

/** Gray, gray + alpha, RGB, RGBA: alpha comes last and is not multiplied into the colours. */
export type Channels = 1 | 2 | 3 | 4;

/** Bits that a sample may have. */
export const DEPTHS = [1, 2, 4, 8, 16] as const;
/** Bits of a sample: 1, 2, 4, 8 or 16. */
export type Depth = (typeof DEPTHS)[number];

/** One element a sample, neither packed nor scaled; a Uint16Array exactly where the depth is 16. */
export type Samples = Uint8Array | Uint16Array;

/** Memory for so many samples, all 0. */
export function allocateSamples(count: number, depth: Depth): Samples {
  return depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
}

/** Bytes of a bitmap of the values that occur: bit v & 7 of byte v >> 3. */
export function bitmapBytes(depth: Depth): number {
  return Math.ceil(2 ** depth / 8);
}

/** Whether both hold the same samples. */
export function sameSamples(a: Samples, b: Samples): boolean {
  return equalBytes(memoryOf(a), memoryOf(b));
}

/** What hashes are taken over: a byte for each sample, or two, big endian, where they have 16 bits. */
export function hashedBytes(samples: Samples): Uint8Array {
  return samples instanceof Uint8Array ? samples : packSamples(samples, 16);
}

/** Bytes that samples take when they are packed. */
export function packedLength(count: number, depth: Depth): number {
  return Math.ceil((count * depth) / 8);
}

/** Samples side by side, the first one in the most significant bits, zeros behind the last; 16 bits with the high byte first. */
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

/** The reverse: takes target.length samples out of bytes from `start` on. */
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
