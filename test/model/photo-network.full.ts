import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type PhotoSpec, photo } from '#pixrnn/model/photo.js';
import { mixtureBitsSum } from '#pixrnn/train/networks/mixture.js';
import { PhotoNetwork } from '#pixrnn/train/networks/photo.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { Random } from '#pixrnn/train/random.js';
import { generator } from '../../fixtures/draw.js';
import { drawnPhotoTensors, drawnTiles } from './drawn-photo.js';
import { referenceBits, referenceMeanBits, referenceParameters } from './reference-photo.js';

before(() => chooseBackend('wasm'));

const specOf = (channels: 1 | 3): PhotoSpec => ({
  architecture: 'photo',
  channels,
  features: 8,
  blocks: 2,
  components: 2,
  head: 8,
});

describe('the mixture of logistics', () => {
  const components = 3;
  const random = generator(5);
  const between = (min: number, max: number): number => min + (max - min) * random();
  /** Parameters, centre and value of one sample. */
  interface Sample {
    readonly what: string;
    readonly parameters: Float32Array;
    readonly centre: number;
    readonly value: number;
  }
  const sample = (what: string, spread: [number, number, number], centre: number, value: number): Sample => ({
    what,
    // K weights, K means, K scales, and three outputs that must have no influence.
    parameters: Float32Array.from({ length: 4 * components }, (_, i) => {
      const width = spread[Math.floor(i / components)] ?? 30;
      return between(-width, width);
    }),
    centre: Math.fround(centre),
    value,
  });
  const samples: Sample[] = [];
  for (const value of [0, 1, 100, 254, 255]) {
    for (const centre of [-20, 0.3, 99.6, 254.8, 275]) {
      samples.push(sample('usual', [2, 2, 2], centre, value));
      samples.push(sample('near', [2, 0.5, 3], Math.max(-20, Math.min(275, value + between(-2, 2))), value));
      samples.push(sample('extreme weights', [60, 2, 2], centre, value));
      samples.push(sample('extreme means', [2, 60, 2], centre, value));
      samples.push(sample('extreme scales', [2, 2, 40], centre, value));
    }
  }
  samples.push({ ...sample('', [0, 0, 0], 77, 77), what: 'a mean at the value' });
  for (const value of [0, 255]) samples.push({ ...sample('', [0, 0, 0], value, value), what: 'a mean at the end' });

  const run = ({ parameters, centre, value }: Sample) => {
    const x = tf.tensor2d(parameters, [1, parameters.length]);
    const [c, v] = [tf.tensor2d([centre], [1, 1]), tf.tensor2d([value], [1, 1])];
    const { value: bits, grad } = tf.valueAndGrad((p) => mixtureBitsSum(p as tf.Tensor2D, components, c, v))(x);
    const result = { bits: bits.dataSync()[0] as number, gradient: [...grad.dataSync()] };
    tf.dispose([x, c, v, bits, grad]);
    return result;
  };

  it('has the code lengths of the plain formula', () => {
    for (const s of samples) {
      const expected = referenceBits(s.parameters, components, s.centre, s.value);
      const { bits } = run(s);
      assert.ok(Math.abs(bits - expected) < 3e-4, `${s.what}, ${s.value} at ${s.centre}: ${bits}, not ${expected}`);
      assert.ok(bits <= 17 + 1e-4, 'the floor bounds it');
    }
  });

  it('is a distribution', () => {
    for (const [name, parameters] of [
      ['usual', Float32Array.of(0.3, -1, 0.5, -2, 0.1, 3, 0.5, -0.5, 1, 0, 0, 0)],
      ['far below', Float32Array.of(0, 0, 0, -50, -40, -30, 1, 2, -9, 0, 0, 0)],
      ['narrow', Float32Array.of(0, 0, 0, 0.03, 0, 0.01, -9, -9, -9, 0, 0, 0)],
    ] as const) {
      let whole = 0;
      for (let value = 0; value < 256; value++) {
        whole += 2 ** -run({ what: name, parameters, centre: 120.4, value }).bits;
      }
      assert.ok(Math.abs(whole - 1) < 1e-5, `${name}: ${whole}`);
    }
  });

  it('has the gradient of the plain formula for every parameter', () => {
    const step = 1e-5;
    for (const s of samples) {
      const { gradient } = run(s);
      gradient.forEach((g, i) => {
        const bitsAt = (distance: number): number => {
          const moved = Float64Array.from(s.parameters);
          moved[i] = (moved[i] as number) + distance;
          return referenceBits(moved, components, s.centre, s.value);
        };
        const expected = (bitsAt(step) - bitsAt(-step)) / (2 * step);
        const what = `${s.what}, ${s.value} at ${s.centre}, parameter ${i}: ${g}, not ${expected}`;
        assert.ok(Math.abs(g - expected) <= 1e-3 * Math.abs(expected) + 2e-5, what);
        if (i >= 3 * components) assert.equal(g, 0, what);
      });
    }
  });
});

describe('the photo network', () => {
  for (const channels of [1, 3] as const) {
    const spec = specOf(channels);
    const tensors = drawnPhotoTensors(spec, 3);
    const tiles = drawnTiles(spec, { batch: 2, height: 3, width: 4 }, 4);

    it(`equals plain loops, ${channels} channels`, () => {
      const network = new PhotoNetwork(spec, tensors);
      const parameters = tf.tidy(() => network.parameters(tiles).dataSync());
      const bits = tf.tidy(() => network.meanBits(tiles).dataSync()[0] as number);
      network.dispose();
      const expected = referenceParameters(spec, tensors, tiles)
        .flat()
        .flatMap((p) => [...p]);
      assert.equal(parameters.length, expected.length);
      expected.forEach((p, i) => assert.ok(Math.abs((parameters[i] as number) - p) < 1e-5, `${i}`));
      const expectedBits = referenceMeanBits(spec, tensors, tiles);
      assert.ok(Math.abs(bits - expectedBits) < 1e-5, `${bits}, not ${expectedBits}`);
    });

    it(`has the gradient of plain loops for every weight, ${channels} channels`, () => {
      const network = new PhotoNetwork(spec, tensors);
      const { grads } = tf.variableGrads(() => network.meanBits(tiles), [...network.variables.values()]);
      const step = 1e-6;
      for (const { name } of photo.shapes(spec)) {
        const gradient = (grads[name] as tf.Tensor).dataSync();
        const values = tensors.get(name) as Float32Array;
        const expected = Array.from(values, (_, i) => {
          const bitsAt = (distance: number): number => {
            const moved = Float64Array.from(values);
            moved[i] = (moved[i] as number) + distance;
            return referenceMeanBits(spec, new Map<string, ArrayLike<number>>([...tensors, [name, moved]]), tiles);
          };
          return (bitsAt(step) - bitsAt(-step)) / (2 * step);
        });
        const largest = Math.max(...expected.map(Math.abs));
        assert.ok(largest > 1e-3, `${name} matters`);
        expected.forEach((g, i) => {
          const actual = gradient[i] as number;
          assert.ok(Math.abs(actual - g) < 1e-3 * largest, `${name} ${i}: ${actual}, not ${g}`);
        });
      }
      network.dispose();
      tf.dispose(grads);
    });
  }

  it('begins with uniform weights scaled by fan-in, smaller at the ends of branches and heads', async () => {
    const spec: PhotoSpec = { ...specOf(3), features: 32, head: 16, components: 5 };
    const network = new PhotoNetwork(spec, new Random(1));
    const tensors = await network.tensors();
    network.dispose();
    let inputs = 0;
    for (const { name, shape } of photo.shapes(spec)) {
      if (shape.length === 2) inputs = shape[0] as number;
      const part = /pointwise\.weight$/.test(name) ? 0.3 : /mixture\.weight$/.test(name) ? 0.1 : 1;
      const bound = part / Math.sqrt(inputs);
      const values = tensors.get(name) as Float32Array;
      const largest = Math.max(...values.map(Math.abs));
      assert.ok(largest <= Math.fround(bound) && largest > 0.75 * bound, `${name}: ${largest} of ${bound}`);
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      assert.ok(Math.abs(mean) < (3 * bound) / Math.sqrt(3 * values.length), `${name}: mean ${mean}`);
    }
    // The same seed gives the same weights, another seed others.
    const again = new PhotoNetwork(spec, new Random(1));
    assert.deepEqual(await again.tensors(), tensors);
    again.dispose();
    const other = new PhotoNetwork(spec, new Random(2));
    assert.notDeepEqual(await other.tensors(), tensors);
    other.dispose();
  });

  it('loads weights unchanged and requires all of them', async () => {
    const spec = specOf(1);
    const tensors = drawnPhotoTensors(spec);
    const network = new PhotoNetwork(spec, tensors);
    assert.deepEqual(await network.tensors(), tensors);
    network.dispose();
    tensors.delete('input.bias');
    assert.throws(() => new PhotoNetwork(spec, tensors), /no tensor input\.bias/);
    tf.disposeVariables();
  });
});
