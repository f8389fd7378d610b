import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Frame,
  WINDOW_TAPS,
  baseValues,
  gatherInputs,
  inputWidth,
  softmaxClasses,
  squash,
} from '#pixrnn/model/frame.js';
import { baseValuesGiven, gatherSmallInputs, smallBaseValues } from '#pixrnn/model/small-image.js';
import { subsampledSize } from '#pixrnn/subsample.js';
import { noise } from '../../fixtures/draw.js';

const frames = fc.constantFrom<Frame>('absolute', 'local');
const images = fc
  .record({
    width: fc.integer({ min: 1, max: 6 }),
    height: fc.integer({ min: 1, max: 5 }),
    channels: fc.constantFrom(1, 3),
  })
  .chain((size) => {
    const length = size.width * size.height * size.channels;
    return fc.record({
      width: fc.constant(size.width),
      height: fc.constant(size.height),
      channels: fc.constant(size.channels),
      samples: fc.uint8Array({ minLength: length, maxLength: length }),
      place: fc.nat({ max: length - 1 }),
    });
  });

describe('softmaxClasses', () => {
  it('assigns a distinct class to each of the 256 values of a sample, whatever its neighbours', () => {
    fc.assert(
      fc.property(images, frames, ({ width, channels, samples, place }, frame) => {
        const base = baseValues(samples, width, channels, frame);
        const classes = new Set<number>();
        for (let value = 0; value < 256; value++) {
          const changed = Uint8Array.from(samples);
          changed[place] = value;
          // The base stays the same: it depends only on earlier samples, as the next test shows.
          classes.add(softmaxClasses(changed, base, channels, frame)[place] as number);
        }
        assert.equal(classes.size, 256);
      }),
      { numRuns: 50 },
    );
  });

  it("centres a channel on its base plus, in the local frame, the previous channel's difference from its own base", () => {
    const samples = Uint8Array.of(110, 60, 255);
    const base = Uint8Array.of(100, 50, 250);
    assert.deepEqual([...softmaxClasses(samples, base, 3, 'absolute')], [10, 10, 5]);
    assert.deepEqual([...softmaxClasses(samples, base, 3, 'local')], [10, 0, 0]); // 255 - min(255, 250 + 10)
    assert.deepEqual([...softmaxClasses(Uint8Array.of(90, 30, 0), base, 3, 'local')], [246, 246, 26]);
  });
});

describe('baseValues', () => {
  it('uses only earlier pixels', () => {
    fc.assert(
      fc.property(images, fc.uint8Array({ minLength: 90, maxLength: 90 }), (image, others) => {
        const { width, channels, samples, place } = image;
        const changed = Uint8Array.from(samples, (v, i) => (i < place ? v : (others[i] as number)));
        const end = place - (place % channels) + channels; // of the pixel in which the change begins
        assert.deepEqual(
          baseValues(changed, width, channels, 'local').subarray(0, end),
          baseValues(samples, width, channels, 'local').subarray(0, end),
        );
      }),
    );
  });

  it('is 128 in the absolute frame, and the hand-computed prediction in the local one', () => {
    const samples = Uint8Array.of(10, 20, 30, /**/ 100, 7, 9, /**/ 255, 0, 255);
    assert.ok(baseValues(samples, 3, 1, 'absolute').every((b) => b === 128));
    // prettier-ignore
    assert.deepEqual([...baseValues(samples, 3, 1, 'local')], [
      128, 10, 20,
      13, // W = NW = N = 10, NE = 20: 10 + 10 / 4, rounded half up
      65, // (100 + 20) / 2 + (30 - 10) / 4
      21, // (7 + 30) / 2 + (30 - 20) / 4, NE = N at the right border
      77, // N = W = NW = 100, NE = 7: 100 - 93 / 4, rounded half up
      108, // (255 + 7) / 2 + (9 - 100) / 4
      5, // (0 + 9) / 2 + (9 - 7) / 4
    ]);
  });

  it('stays in 0 .. 255', () => {
    const low = Uint8Array.of(255, 0, 0, /**/ 0, 0, 0);
    const high = low.map((v) => 255 - v);
    assert.equal(baseValues(low, 3, 1, 'local')[4], 0);
    assert.equal(baseValues(high, 3, 1, 'local')[4], 255);
  });
});

describe('gatherInputs', () => {
  it('lays out the window, the base values and the own channels, with zeros outside', () => {
    const [width, height, channels] = [5, 4, 3] as const;
    const { samples } = noise({ width, height, channels });
    const base = baseValues(samples, width, channels, 'local');
    const columns = inputWidth(channels);
    const out = new Float32Array(width * height * columns).fill(NaN);
    gatherInputs(samples, base, width, height, channels, out);
    const at = (x: number, y: number, c: number) => (y * width + x) * channels + c;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const expected: number[] = [];
        const differences = (u: number, v: number, c: number) =>
          squash((samples[at(u, v, c)] as number) - (base[at(x, y, c)] as number));
        for (const [dx, dy] of WINDOW_TAPS) {
          const inside = x + dx >= 0 && x + dx < width && y + dy >= 0;
          for (let c = 0; c < channels; c++) expected.push(inside ? differences(x + dx, y + dy, c) : 0);
        }
        for (let c = 0; c < channels; c++) expected.push(((base[at(x, y, c)] as number) - 128) / 128);
        for (let c = 0; c < channels - 1; c++) expected.push(differences(x, y, c));
        assert.deepEqual([...out.subarray((y * width + x) * columns).subarray(0, columns)], expected);
      }
    }
  });

  it('squashes differences steeply near zero and below four', () => {
    assert.equal(squash(0), 0);
    assert.equal(squash(12), 2);
    assert.equal(squash(-4), -1);
    for (let d = -255; d < 255; d++) assert.ok(squash(d) < squash(d + 1) && Math.abs(squash(d)) < 4);
  });
});

describe('smallBaseValues', () => {
  it('interpolates between the pixels of the small image, as computed by hand', () => {
    const small = Uint8Array.of(0, 100, /**/ 50, 255);
    // prettier-ignore
    assert.deepEqual([...smallBaseValues(small, 4, 3, 1, 2)], [
      0, 50, 100, 100, // (0 + 100) / 2; nothing lies beyond the last column
      25, 101, 178, 178, // (0 + 100 + 50 + 255) / 4, (100 + 255) / 2 rounded half up
      50, 153, 255, 255,
    ]);
    // (2 * 0 + 1 * 100) / 3 and (0 + 2 * 100) / 3, rounded
    assert.deepEqual([...smallBaseValues(Uint8Array.of(0, 100), 5, 1, 1, 3)], [0, 33, 67, 100, 100]);
  });

  it("equals `baseValuesGiven` with a small image, and keeps the small image's pixels", () => {
    fc.assert(
      fc.property(images, fc.integer({ min: 2, max: 8 }), ({ width, height, channels, samples }, factor) => {
        const size = subsampledSize({ width, height }, factor);
        const at = (x: number, y: number, c: number): number => (y * width + x) * channels + c;
        const small = Uint8Array.from({ length: size.width * size.height * channels }, (_, i) => {
          const pixel = Math.floor(i / channels);
          const [x, y] = [pixel % size.width, Math.floor(pixel / size.width)];
          return samples[at(factor * x, factor * y, i % channels)] as number;
        });
        const base = smallBaseValues(small, width, height, channels, factor);
        const image = { samples: small, factor };
        assert.deepEqual(baseValuesGiven(image, samples, width, channels, 'local'), base);
        assert.ok(baseValuesGiven(image, samples, width, channels, 'absolute').every((b) => b === 128));
        for (let y = 0; y < height; y += factor) {
          for (let x = 0; x < width; x += factor) {
            for (let c = 0; c < channels; c++) assert.equal(base[at(x, y, c)], samples[at(x, y, c)]);
          }
        }
      }),
    );
  });
});

describe('gatherSmallInputs', () => {
  it('lays out 3x3 pixels, relative to the one in the middle or to 128, with zeros outside', () => {
    const [width, height, channels] = [3, 2, 3] as const;
    const { samples } = noise({ width, height, channels });
    for (const frame of ['local', 'absolute'] as const) {
      const inputs = gatherSmallInputs(samples, width, height, channels, frame);
      let i = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (const dy of [-1, 0, 1]) {
            for (const dx of [-1, 0, 1]) {
              for (let c = 0; c < channels; c++) {
                const [u, v] = [x + dx, y + dy];
                const isInside = u >= 0 && u < width && v >= 0 && v < height;
                const origin = frame === 'local' ? (samples[(y * width + x) * channels + c] as number) : 128;
                const difference = (samples[(v * width + u) * channels + c] as number) - origin;
                assert.equal(inputs[i++], isInside ? squash(difference) : 0);
              }
            }
          }
        }
      }
      assert.equal(inputs.length, i);
    }
  });
});
