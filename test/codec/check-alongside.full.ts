import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CheckingCoders } from '#pixrnn/codec/check-alongside.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { type Coders, EnginePool } from '#pixrnn/engine/pool.js';
import type { ModelJob } from '#pixrnn/engine/protocol.js';
import type { Model } from '#pixrnn/model/model.js';
import { blobs } from '../../fixtures/draw.js';
import { tinyMultiScale, tinyPhoto } from '../../fixtures/tiny-model.js';
import { modelOnly } from './round-trip.js';

const SIZE = { width: 192, height: 176 } as const;

describe('checking alongside', () => {
  let pool: EnginePool;
  before(async () => {
    pool = await EnginePool.create({ threads: 2 });
  });
  after(() => pool.close());

  /** Returns coders that list the jobs which the pool gets, and may change what is decoded. */
  function watched(kinds: string[], change = (samples: Uint8Array): Uint8Array => samples): Coders {
    return {
      threads: pool.threads,
      runPlain: (job, options) => pool.runPlain(job, options),
      run: async (model: Model, makeJob: () => ModelJob, options?: object) => {
        const job = makeJob();
        kinds.push('payload' in job && !(job.payload instanceof Uint8Array) ? 'check' : job.kind);
        const result = await pool.run(model, () => job, options);
        return (result instanceof Uint8Array ? change(result) : result) as never;
      },
    };
  }

  for (const [name, channels, model] of [
    ['RGB', 3, tinyPhoto(3)],
    ['gray', 1, tinyPhoto(1)],
    ['RGB with alpha', 4, tinyPhoto(3)],
    ['a small image before the large one', 3, tinyMultiScale(3)],
  ] as const) {
    it(`decodes each payload once and gives the same bytes: ${name}`, async () => {
      const raster = blobs({ ...SIZE, channels });
      const kinds: string[] = [];
      const coders = modelOnly(watched(kinds));
      const { bytes } = await compressRaster(raster, { model, effort: 1, pool: coders });
      const plain = await compressRaster(raster, { model, effort: 1, pool: modelOnly(pool), verify: false });
      assert.deepEqual(bytes, plain.bytes);
      const count = (kind: string): number => kinds.filter((each) => each === kind).length;
      assert.ok(count('encode') > 0);
      assert.equal(count('check'), count('encode'));
      assert.equal(count('decode'), 0);
    });
  }

  it('reports progress once, and ends with all pixels', async () => {
    const reports: number[] = [];
    const onProgress = (done: number, total: number): void => {
      assert.equal(total, SIZE.width * SIZE.height);
      reports.push(done);
    };
    await compressRaster(blobs({ ...SIZE, channels: 3 }), {
      model: tinyPhoto(3),
      effort: 1,
      pool: modelOnly(pool),
      onProgress,
    });
    assert.equal(reports.at(-1), SIZE.width * SIZE.height);
    assert.deepEqual(
      reports,
      [...new Set(reports)].sort((a, b) => a - b),
    );
  });

  it('notices a decoder that returns other samples', async () => {
    const broken = watched([], (samples) => samples.map((value, i) => (i === 777 ? value ^ 1 : value)));
    const options = { model: tinyPhoto(3), effort: 1, pool: modelOnly(broken) } as const;
    await assert.rejects(compressRaster(blobs({ ...SIZE, channels: 3 }), options), /verification failed/);
  });

  it('decodes a payload again that another model, effort or shape would decode', async () => {
    const kinds: string[] = [];
    const checking = CheckingCoders.for(2 ** 20, 1, watched(kinds))!;
    const model = tinyPhoto(1);
    const { samples } = blobs({ ...SIZE, channels: 1 });
    const tile = { ...SIZE, channels: 1, depth: 8, samples: samples.slice() } as const;
    const { payload } = await checking.run(model, () => ({ kind: 'encode', effort: 2, tile }));
    const decode = (over: object): Promise<Uint8Array | Uint16Array> =>
      checking.run(model, () => ({ kind: 'decode', effort: 2, ...SIZE, depth: 8, payload: payload!.slice(), ...over }));
    for (const over of [
      { effort: 1 },
      { width: 176, height: 192 },
      { temperature: 2 },
      { payload: payload!.slice(1) },
    ]) {
      await decode(over);
    }
    assert.equal(kinds.filter((kind) => kind === 'decode').length, 4);
    assert.deepEqual(await decode({}), samples);
    assert.equal(kinds.filter((kind) => kind === 'decode').length, 4);
  });

  it('is left out where it gains nothing', () => {
    assert.equal(CheckingCoders.for(2 ** 20, 2, pool), null);
    assert.equal(CheckingCoders.for(1000, 1, pool), null);
    const single = { ...watched([]), threads: 1 };
    assert.equal(CheckingCoders.for(2 ** 20, 1, single), null);
  });
});
