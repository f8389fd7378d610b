import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import sharp from 'sharp';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { encodeContainer } from '#pixrnn/codec/container.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { thumbnail } from '#pixrnn/node/thumbnail.js';
import { gradient, noise } from '../../fixtures/draw.js';
import { withPreview } from '../../fixtures/preview.js';
import { RGB, sampleContainer } from '../codec/samples.js';
import { Folder } from './pixrnn.js';

const image = gradient({ width: 90, height: 60 });
const raw = { width: 90, height: 60, channels: 3 } as const;

/** Returns the size of a PNG file and the colour in its middle. */
async function pictureOf(png: Uint8Array): Promise<{ size: number[]; middle: number[] }> {
  assert.equal(Buffer.from(png).toString('latin1', 1, 4), 'PNG');
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = info.channels * ((info.height >> 1) * info.width + (info.width >> 1));
  return { size: [info.width, info.height], middle: [...data.subarray(at, at + info.channels)] };
}

test('thumbnails of every kind of file, from the preview or from the image', async (context) => {
  const folder = new Folder(context);
  folder.put('a.png', await writeImage(image, [], 'png'));
  folder.put('sideways.jpg', await sharp(image.samples, { raw }).withMetadata({ orientation: 6 }).jpeg().toBuffer());
  folder.put('stored.ppm', await writeImage(noise({ width: 9, height: 6 }), [], 'pnm'));
  const files = ['a.png', 'sideways.jpg', 'stored.ppm'];
  assert.equal((await folder.run(['compress', '-e', '1', ...files])).code, 0);
  assert.equal((await folder.run(['compress', '-e', '1', '--preview', 'a.png', '-o', 'b.prnn'])).code, 0);

  for (const [name, size] of [
    ['a', [32, 21]],
    ['b', [32, 21]],
    ['sideways', [21, 32]],
    ['stored', [9, 6]],
  ] as const) {
    const run = await folder.run(['thumbnail', '--size', '32', `${name}.prnn`]);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stderr, new RegExp(`^${name}\\.prnn -> ${name}\\.thumbnail\\.png {2}[\\d,]+ bytes\\n$`));
    const found = await pictureOf(readFileSync(folder.at(`${name}.thumbnail.png`)));
    assert.deepEqual(found.size, size);
    if (name === 'stored') continue;
    const expected = [...image.samples.subarray(3 * (30 * 90 + 45), 3 * (30 * 90 + 45) + 3)];
    found.middle.forEach((value, c) =>
      assert.ok(Math.abs(value - expected[c]!) < 16, `${name}: ${found.middle.join()}`),
    );
  }
  const twice = await folder.run(['thumbnail', 'a.prnn']);
  assert.deepEqual([twice.code, /^pixrnn: a\.prnn: a\.thumbnail\.png already exists/.test(twice.stderr)], [6, true]);
  // tumblerd reads the file through a handle that it opened before.
  const opened = openSync(folder.at('a.thumbnail.png'), 'r');
  assert.equal((await folder.run(['thumbnail', '--force', '--size', '20', 'a.prnn'])).code, 0);
  assert.deepEqual((await pictureOf(readFileSync(opened))).size, [20, 13]);
  closeSync(opened);
  const wrong = await folder.run(['thumbnail', 'a.prnn', '--size', '2000']);
  assert.deepEqual([wrong.code, /--size must be an integer from 1 to 1024/.test(wrong.stderr)], [2, true]);
});

test('a preview is enough; a damaged one is ignored, and the image is decoded', async () => {
  const { bytes } = await compressRaster(image, { effort: 1, verify: false, preview: true });
  const whole = await thumbnail(bytes, 64);
  assert.deepEqual(await thumbnail(bytes.subarray(0, bytes.length - 20), 64), whole);
  const damaged = bytes.slice();
  damaged[100]! ^= 1;
  assert.deepEqual((await pictureOf(await thumbnail(damaged, 64))).size, [64, 43]);
  const noPicture = withPreview(bytes, new TextEncoder().encode('RIFF....WEBPVP8 '.padEnd(40, '.')));
  assert.deepEqual((await pictureOf(await thumbnail(noPicture, 64))).size, [64, 43]);
});

test('a large image without a preview is not decoded with a model', async () => {
  const coded = encodeContainer(sampleContainer({ ...RGB, width: 1000, height: 901 }, () => 12));
  await assert.rejects(thumbnail(coded, 64), { code: 'limit', message: /it has no preview/ });
  assert.deepEqual((await pictureOf(await thumbnail(withPreview(coded), 64))).size, [16, 12]);
});
