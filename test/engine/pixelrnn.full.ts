/*
 * The paper's networks in the engine: every kind of layer with every option and output.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Engine, type SideInformation, type TileSamples, compileEngine } from '#pixrnn/engine/engine.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { PIXEL_RNN_KINDS } from '#pixrnn/model/pixelrnn/spec.js';
import { type Plain, blobs, flat, generator, noise } from '../../fixtures/draw.js';
import { tinyModel, tinyPhoto } from '../../fixtures/tiny-model.js';
import { type PixelRnnModel, describeSpec, drawnModel, drawnVariants } from '../model/models.js';
import { PredictingEngine } from '../model/predicting-engine.js';
import { pictureFor, smallFor, smallImage } from '../model/reference-pixelrnn.js';
import { likelihoodOf } from './likelihood-of.js';

let engine: Engine;
let decoder: Engine;
before(async () => {
  const module = await compileEngine();
  engine = await Engine.create(module);
  decoder = await Engine.create(module);
});

type Draw = (size: { width: number; height: number; channels: 1 | 3 }) => Plain;

function tileFor(model: PixelRnnModel, draw: Draw, width: number, height: number): TileSamples {
  const { channels, output } = model.spec;
  return { ...pictureFor(model, draw({ width, height, channels })), depth: output === 'bernoulli' ? 1 : 8 };
}

function sideInformationOf(model: PixelRnnModel, tile: TileSamples): SideInformation {
  return { small: smallFor(model, { ...tile, samples: tile.samples as Uint8Array }) };
}

const sumOf = (bits: readonly number[]): number => bits.reduce((sum, b) => sum + b, 0);

describe('tiles are restored', () => {
  for (const model of drawnVariants()) {
    it(`from ${describeSpec(model.spec)}`, () => {
      for (const [draw, width, height] of [
        [blobs, 21, 9],
        [noise, 1, 6],
        [blobs, 7, 1],
        [noise, 1, 1],
      ] as const) {
        const tile = tileFor(model, draw, width, height);
        for (const effort of [1, 3] as const) {
          const options = { effort, ...sideInformationOf(model, tile) };
          const encoded = engine.encode(model, tile, options);
          const { payload } = encoded;
          assert.ok(payload);
          assert.deepEqual(decoder.decode(model, payload, tile, options), tile.samples);
          assert.deepEqual(engine.measure(model, tile, options), likelihoodOf(encoded));
          const bits = sumOf(encoded.codeLengthBits);
          assert.ok(Math.abs(8 * payload.length - bits) < 16 + 0.001 * bits, `${8 * payload.length} for ${bits} bits`);
        }
      }
    });
  }

  it('with known pixels, which are not coded', () => {
    const random = generator(2);
    for (const model of drawnVariants()) {
      const tile = tileFor(model, blobs, 20, 11);
      const known = Uint8Array.from({ length: 220 }, () => (random() < 0.4 ? 1 : 0));
      const sideInformation = sideInformationOf(model, tile);
      const samples = tile.samples.map((v, i) => (known[Math.floor(i / tile.channels)] ? v : v ^ 1));
      for (const effort of [1, 3] as const) {
        const { payload, codeLengthBits } = engine.encode(model, tile, { effort, known, ...sideInformation });
        assert.ok(payload);
        const options = { effort, known, samples, ...sideInformation };
        assert.deepEqual(decoder.decode(model, payload, tile, options), tile.samples, describeSpec(model.spec));
        const all = engine.measure(model, tile, { effort, ...sideInformation }).codeLengthBits;
        assert.ok(sumOf(codeLengthBits) < 0.75 * sumOf(all));
      }
    }
  });

  it('or decode to something, for any payload', () => {
    const random = generator(4);
    for (const model of drawnVariants()) {
      const tile = tileFor(model, noise, 13, 6);
      for (const length of [0, 5, 100]) {
        const payload = Uint8Array.from({ length }, () => Math.floor(256 * random()));
        const samples = decoder.decode(model, payload, tile, sideInformationOf(model, tile));
        assert.equal(samples.length, tile.samples.length);
        assert.ok(samples.every((v) => v < 2 ** tile.depth));
      }
    }
  });
});

describe('an instance', () => {
  it('gives the same as a fresh one, whatever models it had before', async () => {
    const models = drawnVariants().filter((_, i) => i % 2 === 0);
    const module = await compileEngine();
    const used = await Engine.create(module);
    for (const round of [models, models.toReversed()]) {
      for (const model of round) {
        const tile = tileFor(model, blobs, 17, 8);
        const options = { effort: 1, ...sideInformationOf(model, tile) } as const;
        const fresh = (await Engine.create(module)).encode(model, tile, options);
        assert.deepEqual(used.encode(model, tile, options), fresh, describeSpec(model.spec));
        used.measure(tinyPhoto(3), blobs({ width: 5, height: 5 }));
      }
    }
  });

  it('does not grow from tile to tile', () => {
    for (const model of drawnVariants()) {
      engine.measure(model, tileFor(model, flat, 2, 2), sideInformationOf(model, tileFor(model, flat, 2, 2)));
      const { memoryBytes } = engine;
      const wide = tileFor(model, blobs, 1024, 2);
      engine.measure(model, wide, { effort: 1, ...sideInformationOf(model, wide) });
      assert.equal(engine.memoryBytes, memoryBytes);
    }
  });
});

describe('a small image', () => {
  const model = drawnModel({ condition: { factor: 3, features: 4 } });
  const tile = blobs({ width: 10, height: 7 });
  const small = smallImage(tile, 3);

  it('is not coded: if all other pixels are known, nothing is', () => {
    const known = Uint8Array.from({ length: 70 }, (_, i) =>
      (i % 10) % 3 === 0 && Math.floor(i / 10) % 3 === 0 ? 0 : 1,
    );
    for (const effort of [1, 3] as const) {
      const { payload, codeLengthBits } = engine.encode(model, tile, { effort, small, known });
      assert.deepEqual(codeLengthBits, [0, 0, 0]);
      assert.ok(payload && payload.length <= 1);
      const samples = tile.samples.map((v, i) => (known[Math.floor(i / 3)] ? v : 0));
      assert.deepEqual(decoder.decode(model, payload, tile, { effort, small, known, samples }), tile.samples);
    }
  });

  it('sets its pixels in any decoded tile', () => {
    const samples = decoder.decode(model, Uint8Array.of(1, 2, 3), tile, { effort: 1, small });
    assert.deepEqual(smallImage({ ...tile, samples: samples as Uint8Array }, 3), small);
  });

  it("changes the network's predictions for the other pixels", () => {
    const other = drawnModel({ condition: { factor: 3, features: 4 }, frame: 'absolute' });
    const changed = tile.samples.slice();
    changed[6 * 30 + 27] = 255 - (changed[6 * 30 + 27] as number); // the last pixel of the small image, far ahead
    const [a, b] = [tile.samples, changed].map((samples) => {
      const picture = { ...tile, samples };
      return new PredictingEngine(other).predict(picture, smallImage(picture, 3)).bits;
    }) as [Float64Array, Float64Array];
    const first = a.findIndex((bits, i) => bits !== b[i]);
    // Pixel (6, 3): its small pixel (2, 1) is the first whose 3x3 convolution sees the changed one.
    assert.equal(Math.floor(first / 256 / 3), 3 * 10 + 6);
  });

  const refused: Record<string, () => unknown> = {
    'that is missing': () => engine.encode(model, tile),
    'that is missing to the decoder': () => decoder.decode(model, new Uint8Array(1), tile),
    'of another size': () => engine.measure(model, tile, { small: small.subarray(3) }),
    'of another size to the decoder': () =>
      decoder.decode(model, new Uint8Array(1), tile, { small: new Uint8Array(0) }),
    'of 16 bits': () => engine.measure(model, tile, { small: Uint16Array.from(small) }),
    'that contradicts the tile': () =>
      engine.encode(model, tile, { small: small.map((v, i) => (i === 20 ? v ^ 1 : v)) }),
    'for an unconditional model': () => engine.encode(drawnModel(), tile, { small }),
    'for a photo model': () => engine.encode(tinyPhoto(3), tile, { small }),
  };
  for (const [name, attempt] of Object.entries(refused)) {
    it(`rejects one ${name}`, () => assert.throws(attempt, RangeError));
  }

  it('may have as many pixels as the largest tile gives it', () => {
    const narrow = drawnModel({ channels: 1, hidden: 4, blocks: 1, head: 4, condition: { factor: 2, features: 4 } });
    const high: TileSamples = { ...noise({ width: 1, height: 2 ** 20, channels: 1 }), depth: 8 };
    const options = { effort: 1, ...sideInformationOf(narrow, high) } as const;
    assert.ok(sumOf(engine.measure(narrow, high, options).codeLengthBits) > 0);
    // Memory after the small image is unchanged.
    const fresh = drawnModel({ channels: 1, hidden: 4, blocks: 1, head: 4, condition: { factor: 2, features: 4 } });
    const tileOf8 = tileFor(narrow, blobs, 8, 8);
    const small8 = sideInformationOf(narrow, tileOf8);
    assert.deepEqual(engine.measure(narrow, tileOf8, small8), decoder.measure(fresh, tileOf8, small8));
  });
});

describe('a depth that the output does not support', () => {
  for (const architecture of PIXEL_RNN_KINDS) {
    it(`is rejected by ${architecture}`, () => {
      const bits = drawnModel({ architecture, channels: 1, frame: 'absolute', output: 'bernoulli' });
      const bytes = drawnModel({ architecture, channels: 1 });
      assert.throws(() => engine.encode(bits, noise({ width: 3, height: 3, channels: 1 })), RangeError);
      const tile: TileSamples = { width: 3, height: 3, channels: 1, depth: 1, samples: new Uint8Array(9) };
      assert.throws(() => engine.encode(bytes, tile), RangeError);
      assert.ok(engine.encode(bits, tile).payload);
    });
  }
});

describe('sampling', () => {
  /** Samples from random bytes at a temperature. */
  const sample = (
    model: PixelRnnModel,
    temperature: number | undefined,
    sideInformation: SideInformation,
    depth: 1 | 8,
  ) => {
    const random = generator(9);
    const payload = Uint8Array.from({ length: 4000 }, () => Math.floor(256 * random()));
    return decoder.decode(
      model,
      payload,
      { width: 24, height: 24, depth },
      { effort: 1, temperature, ...sideInformation },
    );
  };
  /** Returns the code length of samples under the model, in bits. */
  const bitsOf = (
    model: PixelRnnModel,
    samples: TileSamples['samples'],
    sideInformation: SideInformation,
    depth: 1 | 8,
  ) => {
    const { channels } = model.spec;
    const tile: TileSamples = { width: 24, height: 24, channels, depth, samples };
    return sumOf(engine.measure(model, tile, { effort: 1, ...sideInformation }).codeLengthBits);
  };

  it('follows the model at temperature 1, and is more likely below and less likely above', () => {
    for (const model of drawnVariants()) {
      const tile = tileFor(model, blobs, 24, 24);
      const sideInformation = sideInformationOf(model, tile);
      const depth = tile.depth as 1 | 8;
      const plain = sample(model, undefined, sideInformation, depth);
      assert.deepEqual(sample(model, 1, sideInformation, depth), plain);
      const [cold, warm] = [0.3, 3].map((t) =>
        bitsOf(model, sample(model, t, sideInformation, depth), sideInformation, depth),
      );
      const own = bitsOf(model, plain, sideInformation, depth);
      const what = `${describeSpec(model.spec)}: ${cold} ${own} ${warm}`;
      assert.ok((cold as number) < own && own < (warm as number), what);
    }
  });

  it('leaves no state', () => {
    const model = drawnModel();
    const tile = blobs({ width: 12, height: 9 });
    const { payload } = engine.encode(model, tile);
    assert.ok(payload);
    decoder.decode(model, payload, tile, { temperature: 0.5 });
    assert.deepEqual(decoder.decode(model, payload, tile), tile.samples);
    assert.deepEqual(decoder.encode(model, tile).payload, payload);
  });

  it('rejects an invalid temperature', () => {
    for (const temperature of [0, -1, 0.04, 10.1, NaN, Infinity]) {
      const attempt = () =>
        decoder.decode(tinyModel(3), new Uint8Array(1), blobs({ width: 2, height: 2 }), { temperature });
      assert.throws(attempt, RangeError);
    }
  });

  it('and small images go through the pool', async () => {
    const pool = await EnginePool.create({ threads: 1 });
    try {
      const model = drawnModel({ architecture: 'row-lstm', condition: { factor: 2, features: 8 } });
      const tile = blobs({ width: 9, height: 6 });
      const small = smallImage(tile, 2);
      const encoded = engine.encode(model, tile, { effort: 1, small });
      const { payload } = encoded;
      const job = { effort: 1, small } as const;
      const copy = (): TileSamples => ({ ...tile, samples: tile.samples.slice() });
      assert.deepEqual(await pool.run(model, () => ({ ...job, kind: 'measure', tile: copy() })), likelihoodOf(encoded));
      const { payload: coded } = await pool.run(model, () => ({ ...job, kind: 'encode', tile: copy() }));
      assert.deepEqual(coded, payload);
      const { width, height, depth } = tile;
      for (const temperature of [undefined, 2]) {
        const decoded = await pool.run(model, () => ({
          ...{ ...job, kind: 'decode', payload: (payload as Uint8Array).slice(), width, height, depth, temperature },
        }));
        const options = { effort: 1, small, temperature } as const;
        assert.deepEqual(decoded, decoder.decode(model, payload as Uint8Array, tile, options));
      }
    } finally {
      await pool.close();
    }
  });
});

describe('over a flat image', () => {
  for (const architecture of PIXEL_RNN_KINDS) {
    it(`${architecture} computes no subnormal number`, () => {
      const drawn = drawnModel({ architecture, channels: 1, hidden: 4, head: 4, frame: 'absolute' });
      // Without biases and states, all inputs are zero except near one spot; from there on each step halves the cells.
      const tensors = new Map(
        [...drawn.tensors].map(([name, values]) => {
          const isZero = name.endsWith('.bias') || name.endsWith('.state.weight');
          return [name, isZero ? values.map(() => 0) : values];
        }),
      );
      const predicting = new PredictingEngine({ ...drawn, tensors });
      // They would be subnormal from the 127th step to the 149th.
      for (const [width, height] of [
        [140, 1],
        [3, 140],
      ] as const) {
        const samples = new Uint8Array(width * height).fill(128);
        samples[0] = 255;
        predicting.predict({ width, height, channels: 1, samples });
        assert.equal(predicting.subnormals(), 0, `${width} x ${height}`);
      }
    });
  }
});
