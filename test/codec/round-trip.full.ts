import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type CompressOptions, type Compressed, compressRaster } from '#pixrnn/codec/compress.js';
import { decodeContainer } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { measureRaster } from '#pixrnn/codec/measure.js';
import type { Effort } from '#pixrnn/effort.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Model } from '#pixrnn/model/model.js';
import { modelFor } from '#pixrnn/model/registry.js';
import { blobs, checkerboard, draw, flat, gradient, noise, type Plain } from '../../fixtures/draw.js';
import { tinyModel, tinyPhoto } from '../../fixtures/tiny-model.js';
import { modelOnly, roundTripIn } from './round-trip.js';
import { CODINGS } from '../codings.js';

const tiny = { 1: tinyModel(1), 3: tinyModel(3) } as const;
const photo = { 1: tinyPhoto(1), 3: tinyPhoto(3) } as const;
const kinds = [gradient, noise, flat, checkerboard, blobs];

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

const roundTrip = (raster: Plain, model: Model = tiny[raster.channels], effort?: Effort): Promise<Compressed> =>
  roundTripIn(modelOnly(pool), raster, model, effort);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('round trips', () => {
  for (const channels of [1, 3] as const) {
    test(`restores every kind of image at every small size, ${channels} channels`, async () => {
      const narrow = Array.from({ length: 17 }, (_, i) => [i + 1, 1 + ((5 * i) % 7)] as const);
      const thin = [
        [1, 9],
        [23, 1],
        [1, 300],
        [300, 1],
      ] as const;
      for (const [width, height] of [...narrow, ...thin]) {
        for (const kind of kinds) await roundTrip(kind({ width, height, channels }));
      }
    });

    test(`restores two and three tiles side by side, ${channels} channels`, async () => {
      assert.equal((await roundTrip(blobs({ width: 1025, height: 6, channels }))).tiles, 2);
      assert.equal((await roundTrip(gradient({ width: 2049, height: 2, channels }))).tiles, 3);
    });
  }

  test('restores any samples of any size', async () => {
    const size = fc.integer({ min: 1, max: 12 });
    const bytes = fc.uint8Array({ minLength: 12 * 12 * 3, maxLength: 12 * 12 * 3 });
    await fc.assert(
      fc.asyncProperty(size, size, fc.constantFrom<1 | 3>(1, 3), bytes, async (width, height, channels, values) => {
        const samples = values.slice(0, width * height * channels);
        await roundTrip(
          { width, height, channels, depth: 8, indexed: false, samples },
          tinyModel(channels, width % 2 ? 'local' : 'absolute'),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('restores raw tiles and several tiles at every effort', async () => {
    for (const effort of CODINGS) {
      for (const channels of [1, 3] as const) {
        for (const kind of kinds) {
          const raster = kind({ width: 37, height: 11, channels });
          const { bytes, codedBytes, codeLengthBits, representations } = await roundTrip(
            raster,
            tiny[channels],
            effort,
          );
          const { header } = decodeContainer(bytes);
          assert.equal(header.effort, header.rgbModel === null && header.grayModel === null ? 3 : effort);
          if (representations.raw === 0) assert.ok(Math.abs(8 * codedBytes - sum(codeLengthBits)) < 16);
        }
      }
      await roundTrip(blobs({ width: 1025, height: 6 }), tiny[3], effort);
    }
  });

  for (const channels of [1, 3] as const) {
    test(`photo at every effort: one row or column, widths around its segments, ${channels} channels`, async () => {
      const sizes = [
        [1, 1],
        [1, 90],
        [90, 1],
        [2, 40],
        [127, 3],
        [128, 3],
        [129, 3],
        [258, 3],
      ] as const;
      for (const effort of CODINGS) {
        for (const [width, height] of sizes) {
          const raster = gradient({ width, height, channels });
          const { representations } = await roundTrip(raster, photo[channels], effort);
          // No model codes tiles of one colour.
          const isUniform = raster.samples.every((v) => v === raster.samples[0]);
          if (!isUniform) assert.equal(representations.raw, 0, `${width} x ${height}, effort ${effort}`);
          await roundTrip(blobs({ width, height, channels }), photo[channels], effort);
        }
      }
    });

    test(`photo at every effort: several tiles, some of them raw, ${channels} channels`, async () => {
      const rough = noise({ width: 2050, height: 2, channels });
      const smooth = gradient({ width: 2050, height: 2, channels });
      const mixed = draw(rough, (x, y, c) => {
        const index = (y * rough.width + x) * channels + c;
        return (x < 1025 ? rough : smooth).samples[index] as number;
      });
      for (const effort of CODINGS) {
        const { tiles, representations } = await roundTrip(mixed, photo[channels], effort);
        assert.equal(tiles, 3);
        assert.ok(representations.raw > 0 && representations.model > 0);
      }
    });
  }

  test('restores an image one pixel wide and taller than a tile', async () => {
    const { tiles } = await roundTrip(flat({ width: 1, height: 2 ** 20 + 1, channels: 1 }), tiny[1], 1);
    assert.equal(tiles, 2);
  });

  test('restores tiles of both representations in one image', async () => {
    const rough = noise({ width: 1500, height: 8, channels: 1 });
    const mixed = draw(rough, (x, y) => (x < 750 ? 100 + (x >> 4) : (rough.samples[y * 1500 + x] ?? 0)));
    const { representations, modelName } = await roundTrip(mixed);
    assert.deepEqual(representations, { model: 1, palette: 0, raw: 1, planes: 0, stored: 0 });
    assert.equal(modelName, 'tiny gray local');
  });

  test('an image of raw tiles names no model and needs none', async () => {
    const { bytes, overheadBytes } = await roundTrip(noise({ width: 40, height: 30 }));
    assert.ok(overheadBytes <= 32);
    const { container } = await decompressToRaster(bytes, { pool });
    assert.equal(container.header.rgbModel, null);
  });

  test('restores the metadata with the image', async () => {
    const metadata = [Uint8Array.of(1, 2, 3), new Uint8Array(0)];
    const { bytes } = await compressRaster(blobs({ width: 8, height: 8 }), { model: tiny[3], metadata, pool });
    assert.deepEqual((await decompressToRaster(bytes, { models: [tiny[3]], pool })).container.metadata, metadata);
  });
});

describe('the same bytes', () => {
  const raster = blobs({ width: 3100, height: 5 }); // four tiles

  test('come from one thread and from four', async () => {
    for (const [image, model] of [
      [raster, tiny[3]],
      [blobs({ width: 3100, height: 2 }), photo[3]],
    ] as const) {
      const [one, four] = await Promise.all(
        [1, 4].map((threads) => compressRaster(image, { model, threads, verify: false })),
      );
      assert.equal(one?.tiles, 4);
      assert.ok(one.representations.model > 0);
      assert.deepEqual(one, four);
    }
  });

  test('come from a pool that has coded other images with other models concurrently', async () => {
    const own = [
      [raster, tiny[3]],
      [blobs({ width: 1100, height: 3 }), photo[3]],
    ] as const;
    const code = (options: CompressOptions) =>
      Promise.all(own.map(([image, model]) => compressRaster(image, { ...options, model })));
    const fresh = await code({ threads: 1, verify: false });
    const others = [
      ...[tinyModel(3, 'absolute'), tinyModel(3, 'local', 2), tiny[1]].flatMap((model) =>
        kinds.map((kind) => [kind, model] as const),
      ),
      ...[photo[1], tinyPhoto(3, 2)].map((model) => [blobs, model] as const),
    ].map(([kind, model]) => roundTrip(kind({ width: 40, height: 30, channels: model.spec.channels }), model));
    const busy = await code({ pool, verify: false });
    await Promise.all(others);
    const later = await code({ pool });
    assert.deepEqual(busy, fresh);
    assert.deepEqual(later, fresh);
  });
});

describe('likelihood', () => {
  test('the coded bytes are as long as the reported code length, for any image', async () => {
    const large = { width: 96, height: 64 };
    const small = { width: 48, height: 40 }; // `photo` is slower
    for (const channels of [1, 3] as const) {
      for (const [model, size] of [
        [tiny[channels], large],
        [tinyModel(channels, 'absolute'), large],
        [photo[channels], small],
        [await modelFor(channels), small],
      ] as const) {
        const images = [...kinds.map((kind) => kind({ ...size, channels })), flat({ ...size, channels }, 0)];
        for (const raster of images) {
          const { codedBytes, codeLengthBits, otherBits, representations } = await compressRaster(raster, {
            model,
            pool: modelOnly(pool),
            verify: false,
          });
          const expected = (sum(codeLengthBits) + otherBits) / 8;
          const tolerance = 0.0002 * expected + (0.0001 * raster.samples.length) / 8 + 40;
          if (representations.raw) assert.ok(codedBytes <= expected + tolerance);
          else assert.ok(Math.abs(codedBytes - expected) <= tolerance, `${model.name}: ${codedBytes} ${expected}`);
        }
      }
    }
  });

  test('measuring returns the code length that compressing reports', async () => {
    for (const raster of [blobs({ width: 1100, height: 7 }), gradient({ width: 33, height: 20, channels: 1 })]) {
      const model = tiny[raster.channels];
      const { codeLengthBits } = await compressRaster(raster, { model, pool: modelOnly(pool), verify: false });
      assert.equal(codeLengthBits.length, raster.channels);
      assert.deepEqual(await measureRaster(raster, { model, pool }), codeLengthBits);
    }
  });
});
