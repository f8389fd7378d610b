import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startNetworkSource, startWeightsSource } from '../../scripts/jpeg-start.js';
import { JPEG_EFFORTS, YCC_420, freshJpegCoder, jpegImage, photographic } from './jpeg-images.js';

const sourceOf = (name: string): string =>
  readFileSync(new URL(`../../../assembly/jpeg/${name}`, import.meta.url), 'utf8');

test('the source files of the start weights are what the script writes', async () => {
  const coder = await freshJpegCoder();
  const weights = new Map(JPEG_EFFORTS.map((effort) => [effort, coder.startOf(effort).weights]));
  assert.equal(startWeightsSource(weights), sourceOf('start-weights.ts'));
  assert.equal(startNetworkSource(coder.startOf(3).networks), sourceOf('start-network.ts'));
});

test('training makes images of its kind smaller, and reports their lengths', async () => {
  const image = jpegImage({ sampling: YCC_420, wide: 6, high: 6 }, photographic(21));
  const images = new Array(5).fill(image) as (typeof image)[];
  const coder = await freshJpegCoder();
  const before = coder.startOf(3);
  const training = coder.trainStart(images, 3);
  const lengths: number[] = [];
  let step = training.next();
  for (; !step.done; step = training.next()) lengths.push(step.value);
  assert.equal(lengths[0], (await freshJpegCoder()).encode(image, 3)?.length);
  assert.ok((lengths[4] ?? 0) < 0.99 * (lengths[0] ?? 0), lengths.join(' '));
  assert.equal(step.value.weights.length, before.weights.length);
  assert.equal(step.value.networks.length, before.networks.length);
  assert.notDeepEqual(step.value.weights, before.weights);
});
