import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { blobs, noise } from '../../fixtures/draw.js';
import { gifBlocks, referenceGif } from '../image/reference-gif.js';
import { recipeBytes } from './exact-files.js';

const indices = (width: number, height: number): number[] =>
  Array.from({ length: width * height }, (_, i) => (i * i + (i >> 3)) & 127);

test('files come back: whole screens, parts of them, interlaced rows', async () => {
  const [width, height] = [30, 21];
  const whole = { width, height, indices: indices(width, height) };
  for (const frame of [
    whole,
    { ...whole, transparent: 3 },
    { ...whole, interlaced: true },
    { x: 3, y: 5, width: 20, height: 10, indices: indices(20, 10), transparent: 3 },
    { x: 3, y: 5, width: 20, height: 10, indices: indices(20, 10), interlaced: true },
  ]) {
    assert.ok((await recipeBytes(referenceGif(width, height, [frame]))) < 90);
  }
});

test('extensions, palettes of frames and bytes after the end come back', async () => {
  const frame = { width: 9, height: 4, indices: indices(9, 4).map((index) => index & 3) };
  const comment = [0x21, 0xfe, ...gifBlocks([...Buffer.from('a comment')])];
  const palette = Array.from({ length: 12 }, (_, i) => i * 20);
  const file = referenceGif(9, 4, [{ ...frame, palette }], comment);
  await recipeBytes(file);
  await recipeBytes(Buffer.concat([file, Buffer.from('after the end')]));
});

test('further frames come back as they are', async () => {
  const frame = { width: 40, height: 30, indices: indices(40, 30) };
  const file = referenceGif(40, 30, [frame, { ...frame, indices: frame.indices.toReversed() }]);
  const bytes = await recipeBytes(file, { firstFrame: true });
  assert.ok(bytes > 500 && bytes < file.length, `${bytes} bytes`);
});

test('files of libvips need a few bytes', async () => {
  for (const [drawing, colours] of [
    [blobs, 256],
    [noise, 16],
    [noise, 2],
  ] as const) {
    const { width, height, samples } = drawing({ width: 200, height: 150 });
    const file = await sharp(samples, { raw: { width, height, channels: 3 } })
      .gif({ colours })
      .toBuffer();
    const bytes = await recipeBytes(file);
    assert.ok(bytes < 110, `${bytes} bytes`);
  }
});
