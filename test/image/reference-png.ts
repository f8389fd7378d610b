import { deflateSync } from 'node:zlib';
import type { Raster } from '#pixrnn/image/raster.js';
import type { Channels, Depth, Samples } from '#pixrnn/samples.js';
import { generator } from '../../fixtures/draw.js';
import { type Chunk, assemblePng, chunk } from '../../fixtures/png.js';

/*
 * A PNG encoder without any code of src/: written pixel by pixel from the diagrams of the specification, slow, with
 * filters chosen at random.
 */

/** Adam7 pass of each pixel of an 8 x 8 block (section 8.1). */
const ADAM7 = ['16462646', '77777777', '56565656', '77777777', '36463646', '77777777', '56565656', '77777777'];

/** Every kind of raster that PNG has. */
export const KINDS: readonly { channels: Channels; depth: Depth; indexed: boolean }[] = [
  ...([1, 2, 4, 8, 16] as const).map((depth) => ({ channels: 1, depth, indexed: false }) as const),
  ...([1, 2, 4, 8] as const).map((depth) => ({ channels: 1, depth, indexed: true }) as const),
  ...([2, 3, 4] as const).flatMap((channels) =>
    ([8, 16] as const).map((depth) => ({ channels, depth, indexed: false }) as const),
  ),
];

export interface Delivery {
  interlaced?: boolean;
  seed?: number;
  before?: Chunk[];
  after?: Chunk[];
}

/** Returns the bytes of an IDAT stream before deflating. */
export function filteredRows(raster: Raster, { interlaced = false, seed = 1 }: Delivery): Buffer {
  const random = generator(seed);
  const passes = interlaced ? [1, 2, 3, 4, 5, 6, 7] : [0];
  const parts: Buffer[] = [];
  for (const pass of passes) {
    const isIn = (x: number, y: number): boolean => pass === 0 || ADAM7[y % 8]![x % 8] === String(pass);
    let above: number[] | null = null;
    for (let y = 0; y < raster.height; y++) {
      const row = packSamples(raster, y, isIn);
      if (row.length === 0) continue;
      above ??= row.map(() => 0);
      parts.push(filterRow(row, above, Math.floor(5 * random()), Math.max(1, (raster.channels * raster.depth) / 8)));
      above = row;
    }
  }
  return Buffer.concat(parts);
}

export function referencePng(raster: Raster, delivery: Delivery = {}): Buffer {
  const { depth, indexed } = raster;
  const zlib = deflateSync(filteredRows(raster, delivery));
  const half = Math.floor(zlib.length / 2);
  return assemblePng([
    header(raster, delivery.interlaced ?? false),
    ...(delivery.before ?? (indexed ? [palette(2 ** depth)] : [])),
    { type: 'IDAT', data: zlib.subarray(0, half) },
    { type: 'IDAT', data: zlib.subarray(half) },
    ...(delivery.after ?? []),
    chunk('IEND', ''),
  ]);
}

/** Returns the IHDR chunk. */
export function header({ width, height, channels, depth, indexed }: Raster, interlaced: boolean): Chunk {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data[8] = depth;
  data[9] = indexed ? 3 : { 1: 0, 2: 4, 3: 2, 4: 6 }[channels];
  data[12] = interlaced ? 1 : 0;
  return { type: 'IHDR', data };
}

/** Returns a palette of distinct colours. */
export function palette(colours: number): Chunk {
  return chunk(
    'PLTE',
    Uint8Array.from({ length: 3 * colours }, (_, i) => (i % 3 === 0 ? i / 3 : 255 - (i >> 2))),
  );
}

/** Returns a raster of random samples. */
export function randomRaster(
  width: number,
  height: number,
  kind: { channels: Channels; depth: Depth; indexed: boolean },
  seed = 1,
): Raster {
  const random = generator(seed);
  const samples: Samples =
    kind.depth === 16
      ? new Uint16Array(width * height * kind.channels)
      : new Uint8Array(width * height * kind.channels);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.floor(2 ** kind.depth * random());
  return { width, height, ...kind, samples };
}

function packSamples(raster: Raster, y: number, isIn: (x: number, y: number) => boolean): number[] {
  const { width, channels, depth, samples } = raster;
  let bits = '';
  for (let x = 0; x < width; x++) {
    if (!isIn(x, y)) continue;
    for (let c = 0; c < channels; c++) {
      bits += samples[(y * width + x) * channels + c]!.toString(2).padStart(depth, '0');
    }
  }
  return (bits.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, '0'), 2));
}

function filterRow(row: number[], above: number[], filter: number, pixelBytes: number): Buffer {
  const filtered = row.map((x, i) => {
    const a = row[i - pixelBytes] ?? 0;
    const b = above[i]!;
    const c = above[i - pixelBytes] ?? 0;
    const p = a + b - c;
    const nearest = [a, b, c].sort((m, n) => Math.abs(p - m) - Math.abs(p - n))[0]!; // stable: a before b before c
    return (x - [0, a, b, Math.floor((a + b) / 2), nearest][filter]! + 256) % 256;
  });
  return Buffer.from([filter, ...filtered]);
}
