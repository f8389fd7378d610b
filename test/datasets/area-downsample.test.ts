import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type InterleavedImage, areaDownsample } from '#pixrnn/datasets/area-downsample.js';
import { Random } from '#pixrnn/train/random.js';

function noise(width: number, height: number, channels: number, seed: number): InterleavedImage {
  const random = new Random(seed);
  const samples = Uint8Array.from({ length: width * height * channels }, () => random.below(256));
  return { width, height, channels, samples };
}

/** Repeats every pixel n x n times, so that each mean is one over whole pixels. */
function bruteForce({ width, height, channels, samples }: InterleavedImage, n: number): number[] {
  const result: number[] = [];
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let y = j * height; y < (j + 1) * height; y++) {
          for (let x = i * width; x < (i + 1) * width; x++) {
            sum += samples[(Math.floor(y / n) * width + Math.floor(x / n)) * channels + c]!;
          }
        }
        result.push(Math.round(sum / (width * height)));
      }
    }
  }
  return result;
}

test('each sample is the mean over its area of the image', () => {
  for (const [width, height, channels, n] of [
    [8, 8, 3, 4],
    [7, 5, 3, 3],
    [5, 11, 1, 5],
    [13, 13, 3, 8],
    [9, 4, 3, 1],
    [31, 17, 2, 16],
    [40, 33, 3, 32],
  ] as const) {
    for (const seed of [1, 2, 3]) {
      const image = noise(width, height, channels, seed);
      assert.deepEqual([...areaDownsample(image, n)], bruteForce(image, n), `${width} x ${height} to ${n}`);
    }
  }
});

test('keeps an image of that size, and rounds halves up', () => {
  const image = noise(6, 6, 3, 4);
  assert.deepEqual(areaDownsample(image, 6), image.samples);
  const pair = (a: number, b: number) =>
    areaDownsample({ width: 2, height: 1, channels: 1, samples: Uint8Array.of(a, b) }, 1);
  assert.deepEqual(
    [pair(0, 1), pair(254, 255), pair(255, 255), pair(7, 8)].flatMap((s) => [...s]),
    [1, 255, 255, 8],
  );
});

test('does not enlarge an image', () => {
  assert.throws(() => areaDownsample(noise(4, 8, 1, 1), 5), /4 x 8 is smaller than 5 x 5/);
});
