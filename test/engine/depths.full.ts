import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { Effort } from '#pixrnn/effort.js';
import { Engine, type SideInformation, type TileSamples, compileEngine } from '#pixrnn/engine/engine.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type Model } from '#pixrnn/model/model.js';
import { loadModel } from '#pixrnn/node/model-file.js';
import type { Depth, Samples } from '#pixrnn/samples.js';
import { blobs, generator } from '../../fixtures/draw.js';
import { tinyModel, tinyPhoto } from '../../fixtures/tiny-model.js';
import { likelihoodOf } from './likelihood-of.js';
import { CODINGS } from '../codings.js';

const DEPTHS: readonly Depth[] = [1, 2, 4, 8, 16];
const photos = { 1: tinyPhoto(1), 3: tinyPhoto(3) };
/** The shipped gray model. */
const photoGray = (): Promise<Model> =>
  loadModel(fileURLToPath(new URL('../../../models/photo-gray.safetensors', import.meta.url)));

let engine: Engine;
let decoder: Engine;
before(async () => {
  const module = await compileEngine();
  engine = await Engine.create(module);
  decoder = await Engine.create(module);
});

/** Returns a tile of `sample`, a number in [0, 1). */
function tileOf(
  [width, height, channels, depth]: readonly [number, number, 1 | 3, Depth],
  sample: (x: number, y: number, c: number) => number,
): TileSamples {
  const samples = depth === 16 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  const top = 2 ** depth - 1;
  let i = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) samples[i++] = Math.min(top, Math.floor(2 ** depth * sample(x, y, c)));
    }
  }
  return { width, height, channels, depth, samples };
}

/** Pictures of every kind: [name, sample]. */
function pictures(seed: number): [string, (x: number, y: number, c: number) => number][] {
  const random = generator(seed);
  return [
    ['noise', random],
    ['smooth', (x, y, c) => 0.3 + x / 300 + y / 200 + c / 10],
    ['smooth with noise', (x, y, c) => 0.3 + x / 300 + y / 200 + c / 10 + 0.01 * random()],
    ['black', () => 0],
    ['white', () => 1],
    ['both ends', (x, y, c) => ((x >> 1) + y + c) % 2],
    ['rare extremes', () => (random() < 0.02 ? Math.round(random()) : 0.5 + 0.001 * random())],
  ];
}

function bitmapsOf({ samples, channels, depth }: TileSamples): Uint8Array[] {
  const bitmaps = Array.from({ length: channels }, () => new Uint8Array(Math.max(1, 2 ** depth / 8)));
  samples.forEach((value, i) => {
    const bitmap = bitmaps[i % channels] as Uint8Array;
    bitmap[value >> 3] = (bitmap[value >> 3] as number) | (1 << (value & 7));
  });
  return bitmaps;
}

/** Marks some pixels as known, in runs and alone. */
function someKnown({ width, height }: TileSamples, seed: number): Uint8Array {
  const random = generator(seed);
  let run = 0;
  return Uint8Array.from({ length: width * height }, () => {
    if (run === 0) run = Math.floor(20 * random()) - 9;
    run -= Math.sign(run);
    return run > 0 ? 1 : 0;
  });
}

/** Returns the samples of known pixels, and wrong ones elsewhere. */
function givenSamples({ samples, channels, depth }: TileSamples, known: Uint8Array): Samples {
  return samples.map((v, i) => (known[Math.floor(i / channels)] ? v : v ^ (2 ** depth - 1)));
}

/**
 * Codes a tile, checks likelihood and payload, and decodes it in another instance; returns the payload's length in
 * bytes.
 */
function roundTrip(
  tile: TileSamples,
  effort: Effort,
  sideInformation: SideInformation,
  what: string,
  model = photos[tile.channels],
): number {
  const { payload, codeLengthBits, modelCodeLengthBits } = engine.encode(model, tile, { effort, ...sideInformation });
  assert.ok(payload, what);
  const options = {
    effort,
    ...sideInformation,
    ...(sideInformation.known && { samples: givenSamples(tile, sideInformation.known) }),
  };
  assert.deepEqual(decoder.decode(model, payload, tile, options), tile.samples, what);
  const bits = codeLengthBits.reduce((sum, b) => sum + b, 0);
  // Allows for the coder's last bits, the gain byte, and the rounding of rare values to 2^-22.
  assert.ok(Math.abs(8 * payload.length - bits) < 24 + 0.001 * bits, `${what}: ${8 * payload.length} for ${bits} bits`);
  assert.deepEqual(
    engine.measure(model, tile, { effort, ...sideInformation }),
    { codeLengthBits, modelCodeLengthBits },
    what,
  );
  return payload.length;
}

describe('tiles of every depth', () => {
  for (const depth of DEPTHS) {
    for (const channels of [1, 3] as const) {
      it(`are restored, ${depth} bits, ${channels} channel(s)`, () => {
        for (const [name, sample] of pictures(depth)) {
          const tile = tileOf([35, 7, channels, depth], sample);
          const values = bitmapsOf(tile);
          const known = someKnown(tile, depth);
          for (const effort of CODINGS) {
            const what = `${name}, effort ${effort}`;
            const plain = roundTrip(tile, effort, {}, what);
            roundTrip(tile, effort, { values }, `${what}, values`);
            roundTrip(tile, effort, { values, known }, `${what}, values and known pixels`);
            const rest = roundTrip(tile, effort, { known }, `${what}, known pixels`);
            if (name === 'noise') assert.ok(rest < 0.9 * plain + 8, `${what}: ${rest} of ${plain} bytes`);
          }
        }
      });
    }
  }

  it('are restored for any samples', () => {
    const shape = fc.record({
      width: fc.integer({ min: 1, max: 70 }),
      height: fc.integer({ min: 1, max: 4 }),
      channels: fc.constantFrom(1 as const, 3 as const),
      depth: fc.constantFrom(...DEPTHS),
      effort: fc.constantFrom(...CODINGS),
      seed: fc.nat(),
      picks: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
      withValues: fc.boolean(),
      withKnown: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, ({ width, height, channels, depth, effort, seed, picks, withValues, withKnown }) => {
        const random = generator(seed);
        const pick = (): number => picks[Math.floor(picks.length * random())] as number;
        const tile = tileOf([width, height, channels, depth], pick);
        const values = withValues ? bitmapsOf(tile) : undefined;
        const known = withKnown ? someKnown(tile, seed) : undefined;
        roundTrip(tile, effort, { values, known }, '');
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  it('of 8 bits give the same payload as 16 bits with the same few values', () => {
    const [, sample] = pictures(3)[2] as [string, (x: number, y: number, c: number) => number];
    const small = tileOf([60, 40, 1, 8], sample);
    for (const spread of [(v: number) => v, (v: number) => 257 * v, (v: number) => 1000 + 3 * v]) {
      const deep: TileSamples = { ...small, depth: 16, samples: Uint16Array.from(small.samples, spread) };
      const [a, b] = [small, deep].map((tile) => engine.encode(photos[1], tile, { values: bitmapsOf(tile) }).payload);
      assert.deepEqual(b, a, 'the payload codes indices into the alphabet');
    }
  });

  it('of 16 bits with little noise are scaled up for the model, and cost little more than the noise', async () => {
    const model = await photoGray();
    const random = generator(8);
    const at = (noise: number): TileSamples =>
      tileOf([64, 48, 1, 16], (x, y) => 0.2 + x / 5000 + y / 8000 + noise * random());
    for (const noise of [1, 4, 16, 64, 256].map((n) => n / 65536)) {
      const tile = at(noise);
      const { payload } = engine.encode(model, tile);
      assert.ok(payload && (payload[0] as number) > 0);
      const ideal = Math.log2(65536 * noise + 1);
      const bits = (8 * payload.length) / tile.samples.length;
      assert.ok(bits < ideal + 1, `${bits} bits per sample, ${ideal} of noise`);
    }
    assert.equal(engine.encode(model, at(0.2)).payload?.[0], 0);
  });
});

describe('an active alphabet', () => {
  it('of few values costs next to nothing', async () => {
    for (const depth of DEPTHS) {
      const one = tileOf([40, 30, 3, depth], (_, __, c) => c / 3);
      for (const effort of CODINGS) assert.ok(roundTrip(one, effort, { values: bitmapsOf(one) }, `${depth}`) <= 2);
    }
    const random = generator(5);
    const two = tileOf([40, 30, 1, 16], () => (random() < 0.5 ? 0.123 : 0.987));
    const bytes = roundTrip(two, 2, { values: bitmapsOf(two) }, 'two values', await photoGray());
    assert.ok(bytes <= 165, `${bytes} bytes for 1,200 bits`);
  });

  it('may differ between channels and need not include values of known pixels', () => {
    const random = generator(6);
    const tile = tileOf([30, 20, 3, 16], (_, __, c) => [random(), 0.5, Math.floor(3 * random()) / 3][c] as number);
    const values = bitmapsOf(tile);
    const known = someKnown(tile, 2);
    const samples = tile.samples.map((v, i) => (known[Math.floor(i / 3)] ? v ^ 1 : v));
    for (const effort of CODINGS) {
      roundTrip(tile, effort, { values }, 'channels');
      roundTrip({ ...tile, samples }, effort, { values, known }, 'known pixels');
    }
  });
});

describe('known pixels', () => {
  it('cost nothing if all are known', () => {
    for (const channels of [1, 3] as const) {
      for (const depth of DEPTHS) {
        const tile = tileOf([70, 5, channels, depth], generator(depth));
        const known = new Uint8Array(70 * 5).fill(1);
        for (const effort of CODINGS) assert.ok(roundTrip(tile, effort, { known }, `${depth}`) <= 2);
      }
    }
  });

  it('are context for the model, which lowers the cost of their neighbours', () => {
    const tile: TileSamples = { ...blobs({ width: 40, height: 40, channels: 1 }), depth: 8 };
    const known = Uint8Array.from({ length: 1600 }, (_, i) => (i + Math.floor(i / 40)) % 2);
    const half = roundTrip(tile, 1, { known }, 'half');
    const all = roundTrip(tile, 1, {}, 'all');
    assert.ok(half < 0.6 * all, `${half} of ${all} bytes`);
  });

  it('are ignored by a PixelCNN, which codes the others', () => {
    for (const channels of [1, 3] as const) {
      const model = tinyModel(channels);
      const tile: TileSamples = { ...blobs({ width: 30, height: 20, channels }), depth: 8 };
      const known = someKnown(tile, 1);
      for (const effort of CODINGS) {
        const { payload } = engine.encode(model, tile, { effort, known });
        assert.ok(payload && payload.length < (engine.encode(model, tile, { effort }).payload?.length ?? 0));
        const samples = givenSamples(tile, known);
        assert.deepEqual(decoder.decode(model, payload, tile, { effort, known, samples }), tile.samples);
      }
    }
  });
});

describe('hostile payloads', () => {
  it('decode to some samples at any depth', () => {
    const random = generator(7);
    for (const depth of DEPTHS) {
      for (const channels of [1, 3] as const) {
        const tile = tileOf([66, 5, channels, depth], random);
        const values = bitmapsOf(tile);
        for (const length of [0, 1, 700]) {
          for (const byte of length === 700 ? [0, 255, null] : [255]) {
            const payload = Uint8Array.from({ length }, () => byte ?? Math.floor(256 * random()));
            for (const effort of CODINGS) {
              const samples = decoder.decode(photos[channels], payload, tile, { effort });
              assert.equal(samples.length, tile.samples.length);
              assert.ok(samples.every((v) => v < 2 ** depth));
              const few = decoder.decode(photos[channels], payload, tile, { effort, values });
              assert.deepEqual(
                bitmapsOf({ ...tile, samples: few }).map((bitmap, c) =>
                  bitmap.map((b, i) => b & ~(values[c]?.[i] ?? 0)),
                ),
                values.map((bitmap) => bitmap.map(() => 0)),
                'only values that occur',
              );
            }
          }
        }
      }
    }
    const tile = tileOf([35, 9, 3, 16], random);
    roundTrip(tile, 3, {}, 'garbage has no influence');
  });
});

describe('invalid tiles', () => {
  const tile = tileOf([4, 3, 1, 16], () => 0.5);
  const cases: Record<string, () => unknown> = {
    'rejects bytes for 16 bits': () => engine.encode(photos[1], { ...tile, samples: new Uint8Array(12) }),
    'rejects words for 8 bits': () => engine.encode(photos[1], { ...tile, depth: 8 }),
    'rejects too large a sample': () =>
      engine.encode(photos[1], { ...tile, depth: 2, samples: new Uint8Array(12).fill(4) }),
    'rejects an unsupported depth': () => engine.encode(photos[1], { ...tile, depth: 12 as Depth }),
    'rejects a missing size': () => engine.decode(photos[1], new Uint8Array(1), { width: NaN, height: 2, depth: 8 }),
    'rejects bitmaps of another depth': () =>
      engine.encode(photos[1], tile, { values: [new Uint8Array(32).fill(255)] }),
    'rejects bitmaps of other channels': () => engine.encode(photos[1], tile, { values: [] }),
    'rejects an empty alphabet': () => engine.encode(photos[1], tile, { values: [new Uint8Array(8192)] }),
    'rejects a sample outside the alphabet': () =>
      engine.encode(photos[1], tile, { values: [new Uint8Array(8192).fill(255, 0, 9)] }),
    'rejects known pixels of another size': () => engine.encode(photos[1], tile, { known: new Uint8Array(11) }),
    'rejects known pixels without samples': () =>
      engine.decode(photos[1], Uint8Array.of(0), tile, { known: new Uint8Array(12) }),
    'rejects a PixelCNN at 16 bits': () => engine.encode(tinyModel(1), tile),
    'rejects a PixelCNN at 4 bits': () => engine.decode(tinyModel(1), Uint8Array.of(0), { ...tile, depth: 4 }),
    'rejects a PixelCNN with an active alphabet': () =>
      engine.encode(
        tinyModel(1),
        { ...tile, depth: 8, samples: new Uint8Array(12) },
        { values: [new Uint8Array(32).fill(255)] },
      ),
    'rejects too long a payload': () => engine.decode(photos[1], new Uint8Array(2 * 2 ** 20 + 1), tile),
  };
  for (const [name, attempt] of Object.entries(cases)) {
    it(name, () => assert.throws(attempt, RangeError));
  }
});

it('accepts payloads up to the size of raw samples, however few values occur', async () => {
  const engine = await Engine.create(await compileEngine());
  const values = [new Uint8Array(8192).fill(255, 0, 9)];
  const tile = { width: 4, height: 3, depth: 16 } as const;
  assert.equal(engine.decode(photos[1], new Uint8Array(2 * 2 ** 20), tile, { values }).length, 12);
});

describe('the pool', () => {
  it('codes and decodes as the engine does, with values and known pixels', async () => {
    const pool = await EnginePool.create({ threads: 1 });
    try {
      for (const depth of [2, 16] as const) {
        const tile = tileOf([30, 10, 3, depth], generator(depth));
        const sideInformation = { values: bitmapsOf(tile), known: someKnown(tile, depth) };
        const expected = engine.encode(photos[3], tile, { effort: 3, ...sideInformation });
        const { payload } = expected;
        assert.ok(payload);
        const copy = (): TileSamples => ({ ...tile, samples: tile.samples.slice() });
        const job = { effort: 3, ...sideInformation } as const;
        const coded = await pool.run(photos[3], () => ({ ...job, kind: 'encode', tile: copy() }));
        assert.deepEqual(coded, expected);
        assert.deepEqual(
          await pool.run(photos[3], () => ({ ...job, kind: 'measure', tile: copy() })),
          likelihoodOf(expected),
        );
        const samples = givenSamples(tile, sideInformation.known);
        const { width, height } = tile;
        const decoded = await pool.run(photos[3], () => ({
          ...job,
          ...{ kind: 'decode', payload: payload.slice(), width, height, depth, samples },
        }));
        assert.deepEqual(decoded, tile.samples);
      }
    } finally {
      await pool.close();
    }
  });
});
