/** Tiles to code, and the coder shared by the tests of this folder. */
import assert from 'node:assert/strict';
import { PaletteCoder, type PaletteTile, compilePaletteCoder } from '#pixrnn/engine/palette-coder.js';

export const CHANNELS = [1, 2, 3, 4] as const;
export const DEPTHS = [1, 2, 4, 8, 16] as const;

type Format = Pick<PaletteTile, 'channels' | 'depth'>;
export const FORMATS: readonly Format[] = CHANNELS.flatMap((channels) => DEPTHS.map((depth) => ({ channels, depth })));

export const formatName = ({ channels, depth }: Format): string => `${channels} x ${depth} bit`;

const compiled = compilePaletteCoder();

/** Returns a fresh instance. */
export async function freshCoder(): Promise<PaletteCoder> {
  return PaletteCoder.create(await compiled);
}

/** mulberry32: numbers in [0, 1), deterministic on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Returns a tile whose samples are a function of column, row and channel, clamped to the depth. */
export function drawn(
  width: number,
  height: number,
  { channels, depth }: Format,
  sample: (x: number, y: number, c: number) => number,
): PaletteTile {
  const length = width * height * channels;
  const samples = depth === 16 ? new Uint16Array(length) : new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const pixel = Math.floor(i / channels);
    samples[i] = sample(pixel % width, Math.floor(pixel / width), i % channels) & (2 ** depth - 1);
  }
  return { width, height, channels, depth, samples };
}

export function noise(width: number, height: number, format: Format, seed = 1): PaletteTile {
  const random = randomFrom(seed);
  return drawn(width, height, format, () => Math.floor(random() * 2 ** format.depth));
}

/** Returns lines of glyphs, 6 x 8 pixels each, from an alphabet of `letters`, in a few colours. */
export function text(width: number, height: number, format: Format, letters = 12, seed = 7): PaletteTile {
  const random = randomFrom(seed);
  const alphabet = Array.from({ length: letters * 48 }, () => random() < 0.4);
  const lines = Array.from({ length: Math.ceil(width / 6) * Math.ceil(height / 8) }, () =>
    Math.floor(random() * letters),
  );
  const palette = Array.from({ length: 4 * 4 }, () => Math.floor(random() * 2 ** format.depth));
  return drawn(width, height, format, (x, y, c) => {
    const line = Math.floor(y / 8);
    const letter = lines[line * Math.ceil(width / 6) + Math.floor(x / 6)] ?? 0;
    const on = alphabet[letter * 48 + (y % 8) * 6 + (x % 6)] === true;
    return on ? (palette[(line % 4) * 4 + c] ?? 0) : 0;
  });
}

/** Encodes without an effective limit, decodes with another instance and compares. */
export function assertRoundTrip(encoder: PaletteCoder, decoder: PaletteCoder, tile: PaletteTile): Uint8Array {
  const payload = encoder.encode(tile, 2 ** 30);
  assert.ok(payload, 'the coder gave up on the tile');
  const { samples, ...shape } = tile;
  const decoded = decoder.decode(payload, shape);
  assert.equal(decoded.constructor, samples.constructor);
  assert.equal(Buffer.compare(bytesOf(decoded), bytesOf(samples)), 0, 'the decoded samples differ');
  return payload;
}

export function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
