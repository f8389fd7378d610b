import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileEngine, Engine } from '#pixrnn/engine/engine.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import {
  abandonSharedPayload,
  createSharedPayload,
  PayloadReader,
  PayloadWriter,
} from '#pixrnn/engine/shared-payload.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { tinyModel, tinyPhoto } from '../../fixtures/tiny-model.js';

describe('a shared payload', () => {
  it('announces rows once the bytes that they need are written', () => {
    const shared = createSharedPayload(8);
    const [writer, reader] = [new PayloadWriter(shared), new PayloadReader(shared)];
    writer.append(Uint8Array.of(1, 2));
    writer.announce(3, 2);
    assert.deepEqual([...reader.waitFor(3)], [1, 2]);
    writer.announce(5, 4);
    writer.announce(6, 7);
    writer.append(Uint8Array.of(3, 4, 5));
    writer.announce(7, 8); // what rows 4 and 5 need is there by now
    assert.deepEqual([...reader.waitFor(5)], [1, 2, 3, 4, 5]);
    writer.append(Uint8Array.of(6));
    writer.complete();
    assert.deepEqual([...reader.waitFor(1000)], [1, 2, 3, 4, 5, 6]);
    assert.equal(writer.length, 6);
  });

  it('fails its reader if it is abandoned or exceeds its memory, but not once it is complete', () => {
    const abandoned = createSharedPayload(4);
    abandonSharedPayload(abandoned);
    assert.throws(() => new PayloadReader(abandoned).waitFor(1), /^Error: the payload was abandoned$/);
    const small = createSharedPayload(1);
    const writer = new PayloadWriter(small);
    writer.append(Uint8Array.of(1, 2));
    writer.announce(1, 0);
    writer.complete();
    assert.throws(() => new PayloadReader(small).waitFor(1), /abandoned/);
    const complete = createSharedPayload(1);
    new PayloadWriter(complete).complete();
    abandonSharedPayload(complete);
    assert.equal(new PayloadReader(complete).waitFor(9).length, 0);
  });

  it('is the payload, and decodes as it grows, at every depth', async () => {
    const pool = await EnginePool.create({ threads: 2 });
    try {
      const engine = await Engine.create(await compileEngine());
      for (const [model, depth, draw] of [
        [tinyPhoto(3), 8, blobs],
        [tinyPhoto(3), 16, noise],
        [tinyPhoto(1), 4, noise],
        [tinyModel(3), 8, noise],
      ] as const) {
        const { channels } = model.spec;
        const size = { width: 300, height: 30 } as const;
        const { samples } = draw({ ...size, channels, depth });
        const tile = { ...size, channels, depth, samples };
        const { payload } = engine.encode(model, tile, { effort: 2 });
        const shared = createSharedPayload(2 * samples.byteLength);
        const own = { ...tile, samples: samples.slice() };
        const encoding = pool.run(model, () => ({ kind: 'encode', effort: 2, tile: own, shared }));
        const decoding = pool.run(model, () => ({ kind: 'decode', effort: 2, ...size, depth, payload: shared }));
        assert.deepEqual(await decoding, samples);
        assert.deepEqual((await encoding).payload, payload);
        assert.deepEqual(new PayloadReader(shared).waitFor(1).slice(), payload);
      }
    } finally {
      await pool.close();
    }
  });

  it('fails the decoder if the encoder fails', async () => {
    const pool = await EnginePool.create({ threads: 2 });
    try {
      const model = tinyPhoto(3);
      const size = { width: 20, height: 20 };
      const { samples } = blobs({ ...size, channels: 3 });
      const shared = createSharedPayload(10);
      const tile = { ...size, channels: 3, depth: 8, samples: samples.slice(1) } as const;
      const encoding = pool.run(model, () => ({ kind: 'encode', effort: 1, tile, shared }));
      const decoding = pool.run(model, () => ({ kind: 'decode', effort: 1, ...size, depth: 8, payload: shared }));
      await Promise.all([assert.rejects(encoding, /samples/), assert.rejects(decoding, /abandoned/)]);
    } finally {
      await pool.close();
    }
  });
});
