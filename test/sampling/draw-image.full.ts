import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { subsample } from '#pixrnn/subsample.js';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { type Coders, EnginePool } from '#pixrnn/engine/pool.js';
import type { ModelJob } from '#pixrnn/engine/protocol.js';
import type { Model } from '#pixrnn/model/model.js';
import { completeImages, knownHalf } from '#pixrnn/sampling/complete-image.js';
import { drawImage } from '#pixrnn/sampling/draw-image.js';
import { drawnDepth, sampleImages, usualSize } from '#pixrnn/sampling/sample-images.js';
import { blobs, draw } from '../../fixtures/draw.js';
import { tinyModel, tinyMultiScale, tinyPhoto } from '../../fixtures/tiny-model.js';
import { plainCoders } from '../codec/plain-coders.js';
import { drawnModel } from '../model/models.js';
import { deviation } from './chi-square.js';
import { inThread } from './in-thread.js';

let pool: EnginePool;
let here: Coders;
let engine: Engine;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
  here = await inThread();
  engine = await Engine.create(await compileEngine());
});
after(() => pool.close());

/** Returns the probability of a one-channel image under a model alone. */
function probability(model: Model, width: number, samples: Uint8Array): number {
  const tile = { width, height: samples.length / width, channels: 1, depth: drawnDepth(model), samples } as const;
  return 2 ** -engine.measure(model, tile, { effort: 1 }).codeLengthBits[0]!;
}

const options = { seed: 1, temperature: 1 };

describe('drawn images have the distribution of the model', () => {
  const softmax = (frame: 'absolute' | 'local') => drawnModel({ channels: 1, hidden: 8, head: 12, frame });
  for (const [name, make] of [
    ['softmax, absolute', () => softmax('absolute')],
    ['softmax, local', () => softmax('local')],
    ['leaning softmax', () => tinyModel(1)],
    ['mixture of logistics', () => tinyPhoto(1)],
  ] as const) {
    test(name, async () => {
      const model = make();
      const count = 20_000;
      const images = await sampleImages(model, { width: 2, height: 1 }, count, { ...options, pool: here });

      // The first pixel.
      const [found, expected] = [new Float64Array(256), new Float64Array(256)];
      for (const image of images) found[image[0]!]!++;
      for (let v = 0; v < 256; v++) expected[v] = count * probability(model, 1, Uint8Array.of(v));
      assert.ok(Math.abs(expected.reduce((sum, n) => sum + n, 0) / count - 1) < 1e-3);
      const z = deviation(found, expected);
      assert.ok(Math.abs(z) < 4, `${z}`);
      const flat = deviation(found, new Float64Array(256).fill(count / 256));
      assert.ok(flat > 6, `a distribution that differs from a uniform one: ${flat}`);

      // The second pixel after the most frequent first one, in groups of sixteen values.
      const first = found.indexOf(Math.max(...found));
      const [after, expectedAfter] = [new Float64Array(16), new Float64Array(16)];
      const before = probability(model, 1, Uint8Array.of(first));
      for (const image of images) if (image[0] === first) after[image[1]! >> 4]!++;
      for (let v = 0; v < 256; v++) {
        expectedAfter[v >> 4]! += (found[first]! * probability(model, 2, Uint8Array.of(first, v))) / before;
      }
      const zAfter = deviation(after, expectedAfter);
      assert.ok(Math.abs(zAfter) < 4, `after ${first}: ${zAfter}`);
    });
  }

  test('bits: all images of 3 x 2', async () => {
    const model = drawnModel({ channels: 1, hidden: 8, head: 12, frame: 'absolute', output: 'bernoulli' });
    assert.equal(drawnDepth(model), 1);
    const count = 20_000;
    const images = await sampleImages(model, { width: 3, height: 2 }, count, { ...options, pool: here });
    const numberOf = (bits: ArrayLike<number>) => Array.from(bits).reduce((number, bit) => 2 * number + bit, 0);
    const found = new Float64Array(64);
    for (const image of images) found[numberOf(image)]!++;
    const expected = Float64Array.from(found, (_, number) => {
      const bits = Uint8Array.from({ length: 6 }, (_, i) => (number >> (5 - i)) & 1);
      return count * probability(model, 3, bits);
    });
    assert.ok(Math.abs(expected.reduce((sum, n) => sum + n, 0) / count - 1) < 1e-3);
    assert.ok(Math.abs(deviation(found, expected)) < 4);
    assert.ok(deviation(found, new Float64Array(64).fill(count / 64)) > 10);
  });

  test('likely values are more likely at a low temperature, and less likely at a high one', async () => {
    for (const model of [tinyModel(1), tinyPhoto(1)]) {
      const spread = async (temperature: number) => {
        const images = await sampleImages(model, { width: 16, height: 1 }, 300, { seed: 2, temperature, pool: here });
        const jumps = images.flatMap((image) => [...image.slice(1)].map((value, i) => Math.abs(value - image[i]!)));
        return jumps.reduce((sum, jump) => sum + jump, 0) / jumps.length;
      };
      const [low, usual, high] = [await spread(0.3), await spread(1), await spread(3)];
      assert.ok(low < 0.8 * usual && usual < 0.95 * high, `${model.name}: ${low} ${usual} ${high}`);
    }
  });
});

test('the same seed draws the same images with any number of threads', async (context) => {
  const single = await EnginePool.create({ threads: 1 });
  context.after(() => single.close());
  for (const model of [tinyModel(3), tinyPhoto(3), tinyMultiScale(3, [2])]) {
    const images = (coders: Coders, seed: number) =>
      sampleImages(model, { width: 13, height: 9 }, 5, { seed, temperature: 1, pool: coders });
    const one = await images(single, 1);
    assert.deepEqual(await images(pool, 1), one);
    assert.deepEqual(await images(here, 1), one);
    assert.notDeepEqual(await images(pool, 2), one);
    assert.equal(new Set(one.map((image) => Buffer.from(image).toString('hex'))).size, 5);
  }
});

describe('scales', () => {
  /** Returns plain coders that record their jobs. */
  const recording = () => {
    const jobs: ModelJob[] = [];
    const run = (...[model, makeJob, watch]: Parameters<Coders['run']>) => {
      const job = makeJob();
      jobs.push(job);
      return plainCoders.run(model, () => job, watch);
    };
    return { jobs, coders: { ...plainCoders, run: run as Coders['run'] } };
  };

  test('each image is drawn with the previous one, from separate random bytes, at effort 1', async () => {
    const { jobs, coders } = recording();
    const model = tinyMultiScale(1, [2, 3]);
    const drawing = { model, width: 13, height: 8, depth: 8, seed: [3], temperature: 0.7 } as const;
    const image = await drawImage(drawing, coders, {});
    assert.equal(image.length, 13 * 8);
    const decodeJobs = jobs.map((job) => (job.kind === 'decode' ? job : assert.fail()));
    assert.deepEqual(
      decodeJobs.map(({ width, height, effort, temperature, small }) => [
        width,
        height,
        effort,
        temperature,
        small?.length,
      ]),
      [
        [3, 2, 1, 0.7, undefined],
        [5, 3, 1, 0.7, 6],
        [13, 8, 1, 0.7, 15],
      ],
    );
    assert.deepEqual(decodeJobs[2]!.small, subsample(image, { width: 13, height: 8 }, 1, 3));
    const payloads = decodeJobs.map(({ payload }) => payload as Uint8Array);
    assert.equal(new Set(payloads.map((payload) => Buffer.from(payload.subarray(0, 16)).toString('hex'))).size, 3);
    // A sample needs at most its 8 bits on average.
    for (const [i, { width, height }] of decodeJobs.entries()) assert.ok(payloads[i]!.length >= 1.5 * width * height);
  });

  for (const [name, coders] of [
    ['plain coders', () => plainCoders],
    ['the engine', () => pool],
  ] as const) {
    test(`the known pixels are those of every scale, with ${name}`, async () => {
      const raster = blobs({ width: 33, height: 20 });
      const model = tinyMultiScale(3, [2, 2]);
      const known = Uint8Array.from({ length: 33 * 20 }, (_, i) => ((i * 7) % 11 < 5 ? 1 : 0));
      const [completions] = await completeImages(model, [{ raster, known }], 2, { ...options, pool: coders() });
      for (const completion of completions!) {
        known.forEach((isKnown, pixel) => {
          if (!isKnown) return;
          const at = [3 * pixel, 3 * pixel + 3] as const;
          assert.deepEqual(completion.subarray(...at), raster.samples.subarray(...at));
        });
      }
    });
  }
});

describe('completions', () => {
  const models = [tinyModel(3), tinyPhoto(3)];

  test('known pixels stay bit for bit, the others are drawn', async () => {
    const raster = blobs({ width: 24, height: 17 });
    for (const model of models) {
      for (const side of ['top', 'bottom', 'left', 'right'] as const) {
        const known = knownHalf(raster, side);
        const [completions] = await completeImages(model, [{ raster, known }], 3, { ...options, pool });
        assert.equal(completions?.length, 3);
        for (const completion of completions) {
          const same = Array.from(known, (_, i) =>
            [0, 1, 2].every((c) => completion[3 * i + c] === raster.samples[3 * i + c]),
          );
          assert.ok(same.every((isSame, i) => isSame || !known[i]));
          const drawn = same.filter((_, i) => !known[i]);
          assert.ok(drawn.filter((isSame) => !isSame).length > drawn.length / 2);
        }
        assert.notDeepEqual(completions[0], completions[1]);
      }
    }
  });

  test('unknown pixels have no influence, earlier known ones do', async () => {
    const raster = blobs({ width: 24, height: 17 });
    const known = knownHalf(raster, 'top');
    const changed = (isChanged: (i: number) => boolean) => ({
      ...raster,
      samples: raster.samples.map((value, i) => (isChanged(Math.floor(i / 3)) ? 255 - value : value)),
    });
    const below = changed((i) => known[i] === 0);
    const above = changed((i) => known[i] === 1 && i >= 24 * 5);
    for (const model of models) {
      const complete = async (of: typeof raster) =>
        (await completeImages(model, [{ raster: of, known }], 1, { ...options, pool }))[0]![0]!.subarray(24 * 9 * 3);
      const drawn = await complete(raster);
      assert.deepEqual(await complete(below), drawn);
      assert.notDeepEqual(await complete(above), drawn);
    }
  });

  test('draws several images, each in a different way', async () => {
    const raster = blobs({ width: 12, height: 12 });
    const known = knownHalf(raster, 'left');
    const image = { raster, known };
    const both = await completeImages(models[0]!, [image, image], 2, { ...options, pool });
    assert.equal(new Set(both.flat().map((samples) => Buffer.from(samples).toString('hex'))).size, 4);
    const alone = await completeImages(models[0]!, [image], 3, { ...options, pool });
    assert.deepEqual(alone[0]!.slice(0, 2), both[0], 'an image does not depend on the others');
  });

  test('16 bits, with a model that supports them', async () => {
    const raster = draw({ width: 20, height: 10, depth: 16 }, (x, y, c) => x + 2 * y + c);
    const known = knownHalf(raster, 'top');
    const [[completion] = []] = await completeImages(tinyPhoto(3), [{ raster, known }], 1, { ...options, pool });
    assert.ok(completion instanceof Uint16Array);
    assert.deepEqual(completion.subarray(0, 300), raster.samples.subarray(0, 300));
  });

  test('each half of an image can be known', () => {
    const half = (side: 'top' | 'bottom' | 'left' | 'right') => [...knownHalf({ width: 3, height: 3 }, side)].join('');
    assert.equal(half('top'), '111111000');
    assert.equal(half('bottom'), '000000111');
    assert.equal(half('left'), '110110110');
    assert.equal(half('right'), '001001001');
  });

  test('rejects images that cannot be completed', async () => {
    const refused = async (
      raster: Parameters<typeof completeImages>[1][number]['raster'],
      code: string,
      model = models[0]!,
    ) => {
      const known = new Uint8Array(raster.width * raster.height);
      await assert.rejects(completeImages(model, [{ raster, known }], 1, { ...options, pool }), { code });
    };
    await refused(blobs({ width: 5, height: 5, channels: 1 }), 'usage');
    await refused(blobs({ width: 5, height: 5, channels: 4 }), 'input-unsupported');
    await refused(blobs({ width: 5, height: 5, depth: 16 }), 'usage');
    await refused(blobs({ width: 1025, height: 1 }), 'limit');
  });
});

test('rejects images of another size than the engine codes; the default size is that of training', async () => {
  await assert.rejects(sampleImages(tinyModel(1), { width: 1025, height: 4 }, 1, { ...options, pool }), {
    code: 'limit',
  });
  const model = tinyModel(1);
  assert.deepEqual(usualSize(model), { width: 32, height: 32 });
  assert.deepEqual(usualSize({ ...model, notes: { crop: 28 } }), { width: 28, height: 28 });
  assert.deepEqual(usualSize({ ...model, notes: { crop: 'x' } }), { width: 32, height: 32 });
});

test('an abort stops drawing', async () => {
  const controller = new AbortController();
  const drawing = sampleImages(tinyModel(3), { width: 200, height: 200 }, 50, {
    ...{ ...options, pool, signal: controller.signal },
    onProgress: () => controller.abort(),
  });
  await assert.rejects(drawing, { name: 'AbortError' });
});
