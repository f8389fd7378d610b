import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BlockPlace } from '#pixrnn/origin/dct/block-grid.js';
import { estimateSteps } from '#pixrnn/origin/dct/estimate-steps.js';
import { findCoefficients } from '#pixrnn/origin/dct/find-coefficients.js';
import { basisSample1d, forwardTransform, inverseTransform } from '#pixrnn/origin/dct/forward-dct.js';
import { cholesky, nearestIntegers } from '#pixrnn/origin/dct/lattice-search.js';
import { samplesOfBlocks } from '#pixrnn/origin/dct/samples-of-blocks.js';
import { type Origin, ORIGINS } from '#pixrnn/origin/origins.js';
import { sumOf } from '#pixrnn/origin/planes.js';
import { drawnBlocks, WHOLE } from '../../fixtures/decoded-jpeg.js';
import { blobs, generator } from '../../fixtures/draw.js';

const JPEGS = ORIGINS.filter(({ name }) => name.startsWith('JPEG'));
const SIZE = { width: 150, height: 117 };

/** Finds the coefficients of a drawn image, checks that they explain it with the exceptions, and counts these. */
function found(origin: Origin | null, place: BlockPlace, quality: number, seed: number) {
  const blocks = drawnBlocks(origin, SIZE, { place, quality, seed });
  const samples = samplesOfBlocks(blocks, SIZE);
  const phase = {
    x: (place.x % (origin?.subsampling.horizontal.step ?? 1)) as 0 | 1,
    y: (place.y % (origin?.subsampling.vertical.step ?? 1)) as 0 | 1,
  };
  const result = findCoefficients({ ...SIZE, samples }, origin, phase);
  assert.ok(result, 'blocks are found');
  const following = samplesOfBlocks({ origin, ...result }, SIZE);
  assert.deepEqual(result.exceptions ? sumOf(following, result.exceptions) : following, samples);
  const exceptions = result.exceptions?.filter((sample) => sample !== 0).length ?? 0;
  return { ...result, share: exceptions / samples.length, drawn: blocks.image };
}

for (const origin of [null, ...JPEGS]) {
  test(`finds the coefficients of images that were decoded whole: ${origin?.name ?? 'gray'}`, () => {
    for (const quality of [60, 75, 90]) {
      const { place, image, share, drawn } = found(origin, WHOLE, quality, quality);
      assert.deepEqual(place, WHOLE);
      assert.deepEqual(
        image.components.map(({ quantisation }) => quantisation),
        drawn.components.map(({ quantisation }) => quantisation),
      );
      assert.ok(share < 0.02, `${100 * share} % of samples are exceptions at quality ${quality}`);
    }
  });
}

test('finds the coefficients of images that were cropped anywhere', () => {
  const places = fc.record({ x: fc.nat(15), y: fc.nat(15), seed: fc.nat(1000), continues: fc.boolean() });
  fc.assert(
    fc.property(fc.constantFrom(null, ...JPEGS), places, (origin, { x, y, seed, continues }) => {
      const [wide, high] = [origin?.subsampling.horizontal.step ?? 1, origin?.subsampling.vertical.step ?? 1];
      const place = {
        ...{ x: x % (8 * wide), y: y % (8 * high) },
        ...{ continuesRight: continues && wide > 1, continuesDown: continues && high > 1 },
      };
      const result = found(origin, place, 75, seed);
      assert.deepEqual([result.place.x, result.place.y], [place.x, place.y]);
      assert.ok(result.share < 0.06, `${100 * result.share} % of samples are exceptions`);
    }),
    { numRuns: 15 },
  );
});

test('finds no coefficients in other images', () => {
  for (const channels of [1, 3] as const) {
    const { samples } = blobs({ ...SIZE, channels });
    assert.equal(findCoefficients({ ...SIZE, samples }, channels === 1 ? null : JPEGS[0]!, { x: 0, y: 0 }), null);
  }
  for (const size of [
    { width: 1, height: 1 },
    { width: 9, height: 3 },
    { width: 5, height: 200 },
  ]) {
    const samples = new Uint8Array(size.width * size.height).fill(7);
    assert.equal(findCoefficients({ ...size, samples }, null, { x: 0, y: 0 }), null);
  }
});

test('estimates steps of tables that no quality gives', () => {
  const random = generator(3);
  const steps = Uint16Array.from({ length: 64 }, (_, k) => 3 + ((k * 7) % 29));
  const blocks = Array.from({ length: 300 }, () =>
    Float64Array.from(steps, (step) => step * Math.round(6 * (random() - 0.5)) + (random() - 0.5)),
  );
  assert.deepEqual(estimateSteps(blocks), steps);
});

test('the transforms are orthogonal and inverse', () => {
  const samples = Float64Array.from({ length: 64 }, (_, i) => ((i * 37) % 256) - 128);
  const [coefficients, back] = [new Float64Array(64), new Float64Array(64)];
  forwardTransform(samples, coefficients);
  inverseTransform(coefficients, back);
  samples.forEach((sample, i) => assert.ok(Math.abs(sample - back[i]!) < 1e-9));
  for (let u = 0; u < 8; u++) {
    for (let x = 0; x < 8; x++) {
      const expected = (u === 0 ? Math.sqrt(1 / 8) : 0.5) * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
      assert.ok(Math.abs(basisSample1d(u, x) - expected) < 1e-15);
    }
  }
});

test('the lattice search finds the nearest vector', () => {
  const vector = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(vector, vector, ([a = 0, b = 0, c = 0], target) => {
      const normal = Float64Array.of(2 + a * a, a * b, a * c, a * b, 2 + b * b, b * c, a * c, b * c, 2 + c * c);
      const factor = cholesky(normal, 3);
      const distance = (z: ArrayLike<number>): number =>
        [0, 1, 2].reduce((sum, i) => {
          const value = [0, 1, 2].reduce((row, j) => row + factor[3 * i + j]! * z[j]!, 0);
          return sum + (value - target[i]!) ** 2;
        }, 0);
      let lowest = Infinity;
      for (let i = -6; i <= 6; i++) {
        for (let j = -6; j <= 6; j++) for (let k = -6; k <= 6; k++) lowest = Math.min(lowest, distance([i, j, k]));
      }
      assert.ok(distance(nearestIntegers(factor, Float64Array.from(target))) <= lowest + 1e-9);
    }),
    { numRuns: 50 },
  );
});
