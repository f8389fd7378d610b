import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { measureRaster } from '#pixrnn/codec/measure.js';
import { scalesOf } from '#pixrnn/codec/scales.js';
import { subsample, subsampledSize } from '#pixrnn/subsample.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { checkCoder } from '#pixrnn/report/check-coder.js';
import { blobs, draw, gradient, noise } from '../../fixtures/draw.js';
import { tinyModel, tinyMultiScale } from '../../fixtures/tiny-model.js';
import { bothCoders } from './plain-coders.js';
import { modelOnly, roundTripIn } from './round-trip.js';
import { tilesOf } from './samples.js';
import { CODINGS } from '../codings.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

const CODERS = bothCoders(() => pool);

test('each scale has every F-th pixel, F being the product of the following factors', () => {
  const factors = (model: Parameters<typeof scalesOf>[0]) => scalesOf(model).map(({ factor }) => factor);
  assert.deepEqual(factors(tinyMultiScale(3, [2])), [2, 1]);
  assert.deepEqual(factors(tinyMultiScale(1, [3, 2])), [6, 2, 1]);
  assert.deepEqual(factors(tinyModel(1)), [1]);

  const image = Uint8Array.from({ length: 7 * 5 }, (_, i) => i);
  const size = { width: 7, height: 5 };
  assert.deepEqual([...subsample(image, size, 1, 3)], [0, 3, 6, 21, 24, 27]);
  assert.deepEqual(subsampledSize(size, 3), { width: 3, height: 2 });
  // Two steps give the same as one.
  for (const channels of [1, 3]) {
    const { samples } = noise({ width: 33, height: 20, channels: channels as 1 | 3 });
    const half = subsample(samples, { width: 33, height: 20 }, channels, 2);
    assert.deepEqual(
      subsample(half, subsampledSize({ width: 33, height: 20 }, 2), channels, 3),
      subsample(samples, { width: 33, height: 20 }, channels, 6),
    );
  }
  assert.ok(subsample(new Uint16Array(4), { width: 2, height: 2 }, 1, 2) instanceof Uint16Array);
});

for (const [name, coders] of CODERS) {
  describe(`multi-scale with ${name}`, () => {
    for (const factors of [[2], [3], [2, 2], [3, 2]]) {
      test(`round trips, RGB and gray, factors ${factors.join()}`, async () => {
        for (const channels of [1, 3] as const) {
          const model = tinyMultiScale(channels, factors);
          const sizes = [
            [1, 1],
            [1, 7],
            [33, 20],
            [64, 48],
            [1100, 3],
          ] as const;
          for (const [width, height] of sizes) {
            for (const kind of [gradient, blobs, noise]) {
              const raster = kind({ width, height, channels });
              const compressed = await roundTripIn(coders(), raster, model, 1);
              const tiles = tilesOf(decodeContainer(compressed.bytes));
              for (const { colours } of tiles) {
                const count = colours.representation === 'model' ? factors.length : undefined;
                assert.equal(colours.smaller?.length, count);
              }
              const isLarge = width * height > 1000;
              if (isLarge && kind === gradient) assert.equal(compressed.representations.model, tiles.length);
            }
          }
        }
      });
    }

    test('codes alpha, and gray tiles among RGB ones, with the gray model', async () => {
      const model = tinyMultiScale(3, [2]);
      const rgba = gradient({ width: 60, height: 40, channels: 4 });
      const withAlpha = tilesOf(decodeContainer((await roundTripIn(coders(), rgba, model, 1)).bytes));
      assert.equal(withAlpha[0]?.colours.smaller?.length, 1);
      assert.equal(withAlpha[0].alpha?.smaller, undefined);

      const mixed = draw({ width: 1100, height: 40 }, (x, y, c) => (x < 550 ? (x + y) / 4 : (x * (c + 1)) / 16 + y));
      const tiles = tilesOf(decodeContainer((await roundTripIn(coders(), mixed, model, 1)).bytes));
      assert.deepEqual(
        tiles.map(({ isGray, colours }) => [isGray, colours.representation, colours.smaller?.length]),
        [
          [true, 'model', undefined],
          [false, 'model', 1],
        ],
      );
    });

    test('does not code alpha of a gray image with several scales', async () => {
      const raster = gradient({ width: 60, height: 40, channels: 2 });
      const { bytes } = await roundTripIn(coders(), raster, tinyMultiScale(1, [2]), 1);
      const [tile] = tilesOf(decodeContainer(bytes));
      assert.equal(tile?.colours.smaller?.length, 1);
      assert.equal(tile.alpha?.representation, 'raw');
    });

    test('likelihoods add up over the scales, and compressing reports what measuring does', async () => {
      for (const raster of [gradient({ width: 1100, height: 9 }), blobs({ width: 50, height: 40, channels: 1 })]) {
        const model = tinyMultiScale(raster.channels, [2, 2]);
        const { codeLengthBits, codedBytes, representations } = await compressRaster(raster, {
          ...{ model, effort: 1, pool: coders() },
        });
        assert.equal(representations.raw, 0);
        const measured = await measureRaster(raster, { model, effort: 1, pool: coders() });
        measured.forEach((bits, c) => assert.ok(Math.abs(bits - codeLengthBits[c]!) < 1e-6 * bits));
        // The stream of each scale of each tile ends in a byte or two.
        assert.ok(Math.abs(8 * codedBytes - sum(measured)) < 6 * 24 + 0.002 * sum(measured));
      }
    });

    test('progress counts every pixel once', async () => {
      const raster = gradient({ width: 1100, height: 20 });
      const calls: number[] = [];
      const model = tinyMultiScale(3, [2]);
      await compressRaster(raster, {
        ...{ model, effort: 1, pool: coders(), verify: false },
        onProgress: (done, total) => {
          assert.equal(total, 22000);
          calls.push(done);
        },
      });
      calls.forEach((done, i) => assert.ok(done > (calls[i - 1] ?? 0)));
      assert.equal(calls.at(-1), 22000);
    });

    test('rejects a file that does not fit its model', async () => {
      const raster = gradient({ width: 40, height: 30 });
      const model = tinyMultiScale(3, [2]);
      const { bytes } = await compressRaster(raster, { model, effort: 1, pool: coders() });
      const container = decodeContainer(bytes);
      const [tile] = tilesOf(container);
      assert.ok(tile);
      const small = Uint8Array.of(1);
      const { payload, representation } = tile.colours;
      const refused = async (smaller: Uint8Array[], models = [model], message = /small images/) => {
        const colours = smaller.length === 0 ? { payload, representation } : { ...tile.colours, smaller };
        const header = { ...container.header, rgbModel: models[0]!.id };
        const file = encodeContainer({ ...container, header, image: [{ ...tile, colours }] });
        const error = { code: 'file-corrupt', message };
        await assert.rejects(decompressToRaster(file, { models, pool: coders() }), error);
      };
      await refused([]);
      await refused([small, small]);
      await refused([small], [tinyMultiScale(3, [2, 2])]);
      await refused([small], [tinyModel(3)]);
      // The container's rules allow a factor of 2, but the model's factor is 3.
      await refused(
        [new Uint8Array(20 * 15 * 3)],
        [tinyMultiScale(3, [3])],
        /14 x 10 in 900 bytes, more than the maximum of 420/,
      );
    });
  });
}

describe('multi-scale in the engine', () => {
  test('round trips at every effort', async () => {
    const raster: Raster = blobs({ width: 37, height: 21 });
    for (const effort of CODINGS) {
      const { bytes } = await roundTripIn(modelOnly(pool), raster, tinyMultiScale(3, [2, 2]), effort);
      assert.equal(decodeContainer(bytes).header.effort, effort);
    }
  });

  test('gives the same bytes with any number of threads', async () => {
    const single = await EnginePool.create({ threads: 1 });
    const raster = blobs({ width: 1100, height: 9 });
    const model = tinyMultiScale(3, [2]);
    const [one, two] = await Promise.all(
      [single, pool].map((each) => compressRaster(raster, { model, effort: 1, pool: modelOnly(each) })),
    ).finally(() => single.close());
    assert.deepEqual(one?.bytes, two?.bytes);
  });

  test('the package arithmetic-coding writes the same bytes for every scale', async () => {
    const { identical, symbols } = await checkCoder(blobs({ width: 13, height: 9 }), tinyMultiScale(3, [2]), 1);
    // Every pixel of the small image, and the pixels of the large one that the small one lacks.
    assert.deepEqual([identical, symbols], [true, 3 * 13 * 9]);
  });
});
