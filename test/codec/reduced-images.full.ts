import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { generator } from '../../fixtures/draw.js';

/* Images that are stored with more channels or bits than they have. */

const SIZE = { width: 112, height: 112, indexed: false } as const;
/** What the alphabet and further chunks may cost, in bytes. */
const OVERHEAD = 150;

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

/** Waves and noise of 3 bits. */
function gray(): Uint8Array {
  const random = generator(9);
  return Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, i) => {
    const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)];
    return 120 + 60 * Math.sin(x / 9) * Math.cos(y / 7) + 8 * random();
  });
}

async function sizeOf(raster: Raster): Promise<number> {
  const { bytes } = await compressRaster(raster, { pool, effort: 1, verify: false });
  assert.deepEqual((await decompressToRaster(bytes, { pool })).raster, raster);
  return bytes.length;
}

test('gray costs the same as RGB, as opaque RGBA, and in 16 bits', async () => {
  const samples = gray();
  const plain = await sizeOf({ ...SIZE, channels: 1, depth: 8, samples });
  const rgb = Uint8Array.from({ length: 3 * samples.length }, (_, i) => samples[Math.floor(i / 3)]!);
  const rgba = Uint8Array.from({ length: 4 * samples.length }, (_, i) => (i % 4 < 3 ? samples[i >> 2]! : 255));
  const others: Record<string, Raster> = {
    RGB: { ...SIZE, channels: 3, depth: 8, samples: rgb },
    RGBA: { ...SIZE, channels: 4, depth: 8, samples: rgba },
    'times 257': { ...SIZE, channels: 1, depth: 16, samples: Uint16Array.from(samples, (value) => 257 * value) },
    'times 256': { ...SIZE, channels: 1, depth: 16, samples: Uint16Array.from(samples, (value) => 256 * value) },
    shifted: { ...SIZE, channels: 1, depth: 16, samples: Uint16Array.from(samples, (value) => 16 * value) },
  };
  for (const [name, raster] of Object.entries(others)) {
    const size = await sizeOf(raster);
    assert.ok(size <= plain + OVERHEAD, `${name}: ${size}, plain ${plain}`);
  }
});
