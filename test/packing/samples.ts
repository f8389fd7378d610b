/** Data to pack, and streams of encoders other than zlib. */
import { deflateSync } from 'node:zlib';
import { concatBytes } from '#pixrnn/bytes.js';
import { describeZlib, rebuildZlib } from '#pixrnn/packing/zlib-stream.js';
import assert from 'node:assert/strict';
import { randomFrom } from '../palette/tiles.js';

/** Returns bytes like those of a filtered photograph: small differences, each repeated now and then. */
export function filteredBytes(length: number, seed = 1): Uint8Array {
  const random = randomFrom(seed);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const far = 1 + Math.floor(random() * Math.min(i, 2000));
    bytes[i] =
      i > 100 && random() < 0.55 ? bytes[i - far + Math.min(2, far - 1)]! : Math.round(random() * random() * 14);
    if (i > 40 && random() < 0.02) for (let k = 0; k < 9 && i + 1 < length; k++) bytes[++i] = bytes[i - 30]!;
  }
  return bytes;
}

/** Returns a stream of Node.js, whose zlib is Chromium's: its matches are others than those of zlib. */
export const chromiumStream = (raw: Uint8Array, level: number): Uint8Array =>
  new Uint8Array(deflateSync(raw, { level }));

/** Describes a stream, rebuilds it and compares. Returns the description. */
export async function assertDescribed(stream: Uint8Array, raw: Uint8Array): Promise<Uint8Array> {
  const description = await describeZlib(stream, raw);
  assert.ok(description, 'the stream is not described');
  assert.deepEqual(await rebuildZlib(description, raw, stream.length), stream);
  return description;
}

/** Writes the bits of a deflate stream. */
export class BitWriter {
  private readonly all: number[] = [];

  /** Appends the lowest `count` bits of a number, the lowest first. */
  bits(value: number, count: number): this {
    for (let i = 0; i < count; i++) this.all.push(Math.floor(value / 2 ** i) % 2);
    return this;
  }

  /** Appends a code word: bits from the highest one down. */
  word(code: number, count: number): this {
    for (let i = count - 1; i >= 0; i--) this.all.push((code >> i) & 1);
    return this;
  }

  /** Appends bits up to a byte. */
  pad(bit = 0): this {
    while (this.all.length % 8 !== 0) this.all.push(bit);
    return this;
  }

  bytes(): Uint8Array {
    this.pad();
    const bytes = new Uint8Array(this.all.length / 8);
    this.all.forEach((bit, i) => (bytes[i >> 3]! |= bit << (i & 7)));
    return bytes;
  }
}

/** Returns a zlib stream with a deflate stream as its body. */
export function zlibStream(body: Uint8Array, raw: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(0x78, 0x01), body, new Uint8Array(deflateSync(raw).subarray(-4))]);
}
