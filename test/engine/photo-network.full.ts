import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentedGradient } from './photo-gradient.js';
import { PhotoHost, randomPixels, randomWeights } from './photo-host.js';
import {
  type PhotoPixel,
  type PhotoSizes,
  ReferenceNetwork,
  firstLearned,
  fixedCount,
  layerShapes,
  mixtureShare,
  weightCount,
} from './photo-reference.js';
import { randomFrom } from './testing-engine.js';

const COLOUR: PhotoSizes = { channels: 3, features: 16, blocks: 2, components: 3, head: 8 };
const GRAY: PhotoSizes = { channels: 1, features: 8, blocks: 3, components: 5, head: 24 };
const ALL_LEARN: PhotoSizes = { channels: 1, features: 16, blocks: 3, components: 5, head: 8, learning: 'all' };
const SHIPPED: PhotoSizes = { channels: 3, features: 64, blocks: 3, components: 5, head: 64 };
/** Widths around that of a segment. */
const WIDTHS = [1, 127, 128, 129, 260];
/** The last segment of a row has as many pixels; of the last width, 5. */
const LEARNED_WIDTHS = [1, 2, 3, 31, 127, 133];

/** Returns the reference's parameters of every sub-pixel, in the order of `PhotoHost.tile`. */
function referenceTile(reference: ReferenceNetwork, width: number, pixels: readonly PhotoPixel[]): number[] {
  return pixels.flatMap((pixel, i) => reference.pixel(i % width, Math.floor(i / width), pixel).flat());
}

/** Returns the segments of a tile of whole rows. */
function segments(width: number, pixels: readonly PhotoPixel[]): { x: number; y: number; part: PhotoPixel[] }[] {
  const list = [];
  for (let y = 0; y * width < pixels.length; y++) {
    for (let x = 0; x < width; x += 128) {
      const end = Math.min(width, x + 128);
      list.push({ x, y, part: pixels.slice(y * width + x, y * width + end) });
    }
  }
  return list;
}

describe('the network of photo', () => {
  for (const [name, sizes] of Object.entries({ COLOUR, GRAY })) {
    it(`equals the documentation bit for bit (${name})`, () => {
      const weights = randomWeights(sizes, 1);
      const host = new PhotoHost(sizes, weights);
      for (const width of WIDTHS) {
        // The tile with one pixel per row has so much contrast that inputs are clamped.
        const pixels = randomPixels(sizes, 3 * width, width, width === 1 ? 100 : 2);
        const expected = referenceTile(new ReferenceNetwork(sizes, weights, 'documented'), width, pixels);
        assert.deepEqual(host.tile(width, pixels, false), Float32Array.from(expected), `width ${width}`);
      }
    });
  }

  it('agrees with the definition in real numbers at the shipped size', () => {
    const weights = randomWeights(SHIPPED, 2);
    const pixels = randomPixels(SHIPPED, 2 * 70, 3);
    const actual = new PhotoHost(SHIPPED, weights).tile(70, pixels, false);
    const expected = referenceTile(new ReferenceNetwork(SHIPPED, weights, 'real'), 70, pixels);
    const largest = Math.max(...expected.map(Math.abs));
    actual.forEach((p, i) => assert.ok(Math.abs(p - (expected[i] as number)) < 3e-3 * largest));
  });

  it('does not depend on earlier tiles', () => {
    const weights = randomWeights(COLOUR, 4);
    const pixels = randomPixels(COLOUR, 2 * 130, 5);
    const fresh = (learn: boolean): Float32Array => new PhotoHost(COLOUR, weights).tile(130, pixels, learn);
    const used = new PhotoHost(GRAY, randomWeights(GRAY, 6));
    used.tile(130, randomPixels(GRAY, 260, 7), true);
    used.load(COLOUR, weights);
    for (const learn of [true, false, true, true, false]) {
      assert.deepEqual(used.tile(130, pixels, learn), fresh(learn));
      used.tile(33, randomPixels(COLOUR, 50, 8), !learn);
    }
  });
});

/**
 * Returns the flat indices of some weights of each part of a matrix that learns and of each bias; different ones for each seed.
 */
function someOfEach(sizes: PhotoSizes, count: number, seed: number): number[][] {
  const random = randomFrom(seed);
  const list: number[][] = [];
  let at = fixedCount(sizes);
  const pick = (size: number): void => {
    list.push(Array.from({ length: count }, () => at + Math.floor(size * random())));
    at += size;
  };
  for (const [inputs, outputs] of layerShapes(sizes).slice(firstLearned(sizes))) {
    const taps = inputs === 5 * sizes.features ? 5 : 1;
    for (let tap = 0; tap < taps; tap++) pick((inputs / taps) * outputs);
    pick(outputs);
  }
  return list;
}

describe('learning while coding', () => {
  for (const [name, sizes] of Object.entries({ COLOUR, GRAY, ALL_LEARN })) {
    it(`has the documented gradient, bit for bit (${name})`, () => {
      const host = new PhotoHost(sizes, randomWeights(sizes, 30));
      for (const width of LEARNED_WIDTHS) {
        const pixels = randomPixels(sizes, 2 * width, width);
        host.exports.startNetwork(width, true);
        const reference = new ReferenceNetwork(sizes, host.workingWeights(), 'documented');
        for (const { x, y, part } of segments(width, pixels)) {
          reference.load(host.workingWeights());
          const seen = part.map((pixel, i) => {
            host.pixel(x + i, y, pixel);
            return reference.pass(x + i, y, pixel).seen;
          });
          const expected = documentedGradient(sizes, reference, seen, host.slopes(part.length));
          assert.deepEqual(host.gradient(), expected, `${width}: (${x}, ${y})`);
        }
      }
    });
  }

  // Where all blocks learn, what they read of the pixels to the left counts as constant, so there is one pixel a row.
  for (const [name, sizes, width] of [
    ['COLOUR', COLOUR, 129],
    ['GRAY', GRAY, 129],
    ['ALL_LEARN', ALL_LEARN, 1],
  ] as const) {
    it(`follows the gradient of each segment’s code length (${name})`, () => {
      const host = new PhotoHost(sizes, randomWeights(sizes, 10));
      const pixels = randomPixels(sizes, 2 * width, width);
      const weights = new Float64Array(weightCount(sizes));
      const reference = new ReferenceNetwork(sizes, weights, 'real');
      host.exports.startNetwork(width, true);
      for (const { x, y, part } of segments(width, pixels)) {
        weights.set(host.workingWeights());
        part.forEach((pixel, i) => host.pixel(x + i, y, pixel));
        const gradient = host.gradient();
        const largest = Math.max(...gradient.map(Math.abs));
        for (const list of someOfEach(sizes, 4, 100 * x + y)) {
          const numeric = list.map((i) => {
            const lossAt = (change: number): number => {
              const before = weights[i] as number;
              weights[i] = before + change;
              const loss = reference.segmentLoss(x, y, part);
              weights[i] = before;
              return loss;
            };
            return (lossAt(1e-7) - lossAt(-1e-7)) / 2e-7;
          });
          const errors = numeric.map((n, i) => (gradient[(list[i] as number) - fixedCount(sizes)] as number) - n);
          const what = `${width}: (${x}, ${y}), ${list.join()}`;
          // The effect of rounding to integers, which the numeric gradient lacks.
          assert.ok(Math.hypot(...errors) < 0.2 * Math.hypot(...numeric) + 0.01 * largest, what);
        }
        // The activations under these weights are the context of the next segment and of the next row.
        reference.segmentLoss(x, y, part);
      }
    });
  }

  it('makes the code of a tile shorter', () => {
    const host = new PhotoHost(COLOUR, randomWeights(COLOUR, 12));
    // The same pixel repeatedly: a learning network must come to predict it.
    const pixel = randomPixels(COLOUR, 1, 13)[0] as PhotoPixel;
    host.exports.startNetwork(128, true);
    const rows = Array.from({ length: 60 }, (_, y) => {
      let bits = 0;
      for (let x = 0; x < 128; x++) {
        host.pixel(x, y, pixel).forEach((params, c) => {
          const [value, centre] = [pixel.values[c], pixel.centres[c]] as [number, number];
          bits -= Math.log2(mixtureShare(params, COLOUR.components, value, centre, 8));
        });
      }
      return bits;
    });
    const [before, after] = [rows[0], rows.at(-1)] as [number, number];
    assert.ok(after < 0.5 * before, `${before} bits in the first row, ${after} in the last`);
  });

  it('is off unless requested', () => {
    const weights = randomWeights(GRAY, 14);
    const host = new PhotoHost(GRAY, weights);
    host.tile(64, randomPixels(GRAY, 128, 15), false);
    assert.deepEqual(host.workingWeights(), weights);
  });
});
