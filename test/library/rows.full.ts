import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { encodeContainer, encodeStored, type TileChunk } from '#pixrnn/codec/container.js';
import { decompressRows } from '#pixrnn/codec/decode-rows.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { extractTile, tileGrid } from '#pixrnn/codec/tile-grid.js';
import { type Coders, EnginePool } from '#pixrnn/engine/pool.js';
import type { PaletteJob } from '#pixrnn/engine/protocol.js';
import { type ErrorCode, PixrnnError } from '#pixrnn/errors.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { writePng } from '#pixrnn/image/write-png.js';
import type { Model } from '#pixrnn/model/model.js';
import { type Channels, type Depth, sameSamples } from '#pixrnn/samples.js';
import { blobs, cutout, generator, noise, screen } from '../../fixtures/draw.js';
import { tinyModel, tinyMultiScale, tinyPhoto } from '../../fixtures/tiny-model.js';
import { modelOnly } from '../codec/round-trip.js';
import { rawContainer, rawFile, rowsOf, storedFile } from './files.js';

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

/** Three tiles, one above the other. */
const TALL = [6, 400_000] as const;

/** Columns and rows of tiles: 1 x 1, 3 x 1, 1 x 3, 2 x 2. */
const LAYOUTS: readonly (readonly [width: number, height: number])[] = [[31, 17], [2100, 9], TALL, [1100, 2000]];

const KINDS: readonly (readonly [channels: Channels, depth: Depth, indexed: boolean])[] = [
  [1, 1, false],
  [1, 4, true],
  [1, 8, true],
  [2, 8, false],
  [3, 8, false],
  [1, 16, false],
  [4, 16, false],
];

const isError =
  (code: ErrorCode) =>
  (error: unknown): boolean =>
    error instanceof PixrnnError && error.code === code;

/** Compares without deepEqual, which needs seconds for a megapixel. */
function assertSame({ samples, ...shape }: Raster, { samples: expected, ...expectedShape }: Raster): void {
  assert.deepEqual(shape, expectedShape);
  assert.equal(samples.constructor, expected.constructor);
  assert.ok(sameSamples(samples, expected));
}

/** Draws ranges of rows, some of them at the borders of tiles. */
function ranges(raster: Raster, count: number, seed: number): [number, number][] {
  const random = generator(seed);
  const { height } = raster;
  const borders = tileGrid(raster.width, height).map(({ y }) => y);
  const drawn = Array.from({ length: count }, (): [number, number] => {
    const first = Math.floor(random() * height);
    const maxCount = random() < 0.5 ? 3 : height - first;
    return [first, first + 1 + Math.floor(random() * Math.min(maxCount, height - first))];
  });
  const around = borders
    .filter((y) => y > 0)
    .flatMap((y): [number, number][] => [
      [y - 1, y + 1],
      [y, y + 1],
      [y - 1, y],
    ]);
  return [[0, height], [0, 1], [height - 1, height], ...drawn, ...around];
}

async function checkRows(
  bytes: Uint8Array,
  raster: Raster,
  count: number,
  models: Parameters<typeof decompressRows>[2] = {},
) {
  for (const [first, end] of ranges(raster, count, raster.width + raster.depth)) {
    const { raster: rows } = await decompressRows(bytes, [first, end], { pool, ...models });
    assertSame(rows, rowsOf(raster, first, end));
  }
}

describe('rows of a file', () => {
  for (const [width, height] of LAYOUTS) {
    it(`equal those of the whole image: ${width} x ${height}, every kind of samples`, async () => {
      for (const [channels, depth, indexed] of KINDS) {
        const raster: Raster = { ...noise({ width, height, channels, depth }), indexed };
        const bytes = rawFile(raster);
        assertSame((await decompressToRaster(bytes, { pool })).raster, raster);
        await checkRows(bytes, raster, 3);
      }
    });
  }

  it('equal those of the whole image if the file stores its source', async () => {
    for (const [channels, depth, indexed] of KINDS) {
      const raster: Raster = { ...noise({ width: 1030, height: 40, channels, depth }), indexed };
      await checkRows(await storedFile(raster), raster, 4);
    }
  });

  it('equal those of the whole image if the file has models, the palette coder and alpha', async () => {
    const images: readonly (readonly [Raster, Model, Coders])[] = [
      [cutout({ width: 1030, height: 6, channels: 4 }), tinyPhoto(3), pool],
      [blobs({ width: 1030, height: 6, depth: 16 }), tinyPhoto(3), pool],
      [blobs({ width: 1030, height: 6 }), tinyModel(3), modelOnly(pool)],
      [blobs({ width: 1030, height: 6, channels: 1 }), tinyMultiScale(1), modelOnly(pool)],
      [screen({ width: 1030, height: 40, channels: 4 }), tinyPhoto(3), pool],
    ];
    for (const [raster, model, coders] of images) {
      const { bytes } = await compressRaster(raster, { model, pool: coders, effort: 2, verify: false });
      await checkRows(bytes, raster, 1, { models: [model] });
    }
  });

  it('decode only the tiles that they touch', async () => {
    const [width, height] = TALL;
    const raster = noise({ width, height, channels: 1 });
    const grid = tileGrid(width, height);
    const container = rawContainer(raster);
    // As if the palette coder had coded each tile as one byte, its number, which the coders below can decode.
    const image = container.image.map((chunk, i): TileChunk => {
      return { ...chunk, colours: { representation: 'palette', payload: Uint8Array.of(i) } };
    });
    const bytes = encodeContainer({ ...container, image });
    const decoded: number[] = [];
    const coders = {
      threads: 2,
      runPlain: (makeJob: () => PaletteJob) => {
        const job = makeJob();
        assert.ok(job.kind === 'decode-palette');
        const [tile = -1] = job.payload;
        decoded.push(tile);
        return Promise.resolve(extractTile(raster, grid[tile]!));
      },
    } as unknown as Coders;
    const [, second, third] = grid;
    assert.ok(second && third);
    for (const [rows, tiles] of [
      [[second.y + 5, second.y + 6], [1]],
      [[second.y, third.y], [1]],
      [
        [second.y - 1, second.y + 1],
        [0, 1],
      ],
      [[third.y - 1, third.y], [1]],
      [[0, 1], [0]],
      [
        [0, height],
        [0, 1, 2],
      ],
    ] as const) {
      const { raster: region } = await decompressRows(bytes, rows, { pool: coders });
      assertSame(region, rowsOf(raster, rows[0], rows[1]));
      assert.deepEqual(decoded.splice(0), tiles, `rows ${rows.join(' to ')}`);
    }
  });

  it('check the tiles that they touch, and no others', async () => {
    const [width, height] = TALL;
    const raster = noise({ width, height, channels: 1 });
    const container = rawContainer(raster);
    const { image } = container;
    const broken = image.map((chunk, i): TileChunk => {
      if (i !== 1) return chunk;
      const payload = Uint8Array.from(chunk.colours.payload, (value, at) => (at === 100 ? value ^ 1 : value));
      return { ...chunk, colours: { representation: 'raw', payload } };
    });
    const bytes = encodeContainer({ ...container, image: broken });
    const [, second, third] = tileGrid(width, height);
    assert.ok(second && third);
    for (const rows of [
      [third.y - 1, third.y],
      [second.y - 1, second.y + 1],
      [0, height],
    ] as const) {
      await assert.rejects(decompressRows(bytes, rows, { pool }), isError('hash-mismatch'));
    }
    await assert.rejects(decompressToRaster(bytes, { pool }), isError('hash-mismatch'));
    for (const rows of [
      [0, second.y],
      [third.y, height],
    ] as const) {
      const { raster: region } = await decompressRows(bytes, rows, { pool });
      assertSame(region, rowsOf(raster, rows[0], rows[1]));
    }
  });

  it('check the digest if there is a single tile, and the stored source', async () => {
    const raster = noise({ width: 40, height: 30 });
    const other = { ...raster, samples: raster.samples.map((value, i) => (i === 0 ? value ^ 1 : value)) };
    const digest = rawContainer(other).digest;
    const single = encodeContainer({ ...rawContainer(raster), digest });
    await assert.rejects(decompressRows(single, [20, 21], { pool }), isError('hash-mismatch'));
    const stored = Uint8Array.from(await storedFile(raster));
    stored[100]! ^= 1;
    await assert.rejects(decompressRows(stored, [20, 21], { pool }), isError('file-corrupt'));
  });

  it('are rejected beyond the image', async () => {
    const bytes = rawFile(noise({ width: 10, height: 20 }));
    for (const rows of [
      [-1, 2],
      [3, 3],
      [5, 4],
      [0, 21],
      [20, 21],
      [0.5, 2],
      [0, Number.NaN],
      [0, Infinity],
    ] as const) {
      await assert.rejects(decompressRows(bytes, rows, { pool }), isError('usage'), `[${rows.join()}]`);
    }
  });

  it('count the decoded tiles against maxPixels, not the image', async () => {
    const raster = noise({ width: 6, height: 400_000, channels: 1 });
    const bytes = rawFile(raster);
    const options = { pool, maxPixels: 1_100_000 };
    assert.equal((await decompressRows(bytes, [0, 9], options)).raster.height, 9);
    await assert.rejects(decompressRows(bytes, [0, 400_000], options), isError('limit'));
    const stored = await storedFile(raster);
    await assert.rejects(decompressRows(stored, [0, 9], options), isError('limit'));
    // A list of all its tiles would be larger than any memory.
    const size = { width: 2 ** 31 - 1, height: 2 ** 31 - 1 };
    const large = encodeStored({ ...size, extension: '.png', source: await writePng(raster, []) });
    await assert.rejects(decompressRows(large, [0, 9], { pool }), isError('file-corrupt'));
  });

  it('report progress up to the tiles that they touch', async () => {
    const raster = noise({ width: 1100, height: 2000, channels: 1 });
    const [first] = tileGrid(raster.width, raster.height);
    const reports: [number, number][] = [];
    await decompressRows(rawFile(raster), [0, 1], { pool, onProgress: (...progress) => reports.push(progress) });
    const total = 1100 * (first?.height ?? 0);
    assert.deepEqual(reports.at(-1), [total, total]);
  });
});
