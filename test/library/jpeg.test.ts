import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { sha256Text } from '#pixrnn/codec/check.js';
import { stripJpegMetadata } from '#pixrnn/jpeg/strip-metadata.js';
import { Codec, readImage } from '#pixrnn/index.js';
import { arithmeticFile, cameraFile } from '../codec/jpeg-files.js';
import { drawnImage } from '../jpeg/drawn-pixels.js';

const CAMERA = await cameraFile();

describe('JPEG files', async () => {
  const codec = new Codec({ threads: 2 });
  after(() => codec.close());
  const compressed = await codec.compress(CAMERA, { name: 'IMG_1234.JPG', effort: 1 });

  it('are compressed without loss', async () => {
    const { restores, sourceFormat, extension, sourceDigest, representations, modelUsed, width, height } = compressed;
    assert.deepEqual([restores, sourceFormat, extension, width, height], ['file', 'JPEG', '.JPG', 40, 24]);
    assert.equal(sourceDigest, sha256Text(CAMERA));
    assert.deepEqual([modelUsed, representations.stored], [true, 0]);
    const { codedBytes, metadataBytes, recipeBytes, overheadBytes } = compressed;
    assert.equal(codedBytes + metadataBytes + recipeBytes + overheadBytes, compressed.bytes.length);
    assert.ok(compressed.bytes.length < CAMERA.length);
    const back = await codec.decompress(compressed.bytes);
    assert.ok('bytes' in back);
    assert.equal(Buffer.compare(back.bytes, CAMERA), 0);
    assert.deepEqual([back.name, back.format, back.isSource, back.remarks], ['image.JPG', 'jpeg', true, []]);
    assert.deepEqual([back.width, back.height, back.whole], [40, 24, { width: 40, height: 24 }]);
  });

  it('have the same bytes with one and two threads, and without verification', async () => {
    const one = await codec.compress(CAMERA, { name: 'IMG_1234.JPG', effort: 1, threads: 1, verify: false });
    assert.equal(Buffer.compare(one.bytes, compressed.bytes), 0);
  });

  it('are described by inspect', async () => {
    const { colourType, jpeg, sourceDigest } = await codec.inspect(compressed.bytes);
    assert.deepEqual([colourType, jpeg?.model, sourceDigest], ['JPEG', 'Canon EOS 30D', sha256Text(CAMERA)]);
  });

  it('are decoded to samples and PNG files', async () => {
    const { raster } = await readImage(CAMERA, { allowLossySource: true });
    const samples = await codec.decompress(compressed.bytes, { format: 'raster' });
    assert.ok('raster' in samples);
    assert.deepEqual(samples.raster.samples, raster.samples);
    const png = await codec.decompress(compressed.bytes, { format: 'png' });
    assert.ok('bytes' in png);
    assert.deepEqual([png.name, png.format, png.isSource], ['image.png', 'png', false]);
    assert.deepEqual((await readImage(png.bytes)).raster.samples, raster.samples);
  });

  it('are stored if their coefficients cannot be coded', async () => {
    const bytes = arithmeticFile(CAMERA);
    const stored = await codec.compress(bytes);
    assert.deepEqual([stored.representations.stored, stored.modelUsed, stored.extension], [1, false, '.jpg']);
    const back = await codec.decompress(stored.bytes);
    assert.equal(Buffer.compare((back as { bytes: Uint8Array }).bytes, bytes), 0);
  });

  it('are coded as pixels on request only', async () => {
    await assert.rejects(codec.compress(CAMERA, { exactness: 'pixels' }), {
      code: 'input-unsupported',
      option: 'allowLossySource',
    });
    const alone = await codec.compress(CAMERA, { name: 'a.JPG', effort: 1, allowLossySource: true });
    assert.equal(Buffer.compare(alone.bytes, compressed.bytes), 0);
    const pixels = await codec.compress(CAMERA, { exactness: 'pixels', allowLossySource: true, effort: 1 });
    assert.deepEqual([pixels.restores, pixels.lossy], ['pixels', true]);
  });

  it('lose their metadata with stripMetadata', async () => {
    const options = { effort: 1, stripMetadata: true, verify: false } as const;
    const { bytes, warnings, restores, sourceDigest } = await codec.compress(CAMERA, options);
    const stripped = stripJpegMetadata(CAMERA);
    assert.deepEqual(warnings, ['metadata removed: the restored file differs from the source']);
    assert.deepEqual([restores, sourceDigest], ['file', sha256Text(stripped)]);
    assert.equal(Buffer.compare((await codec.decompress(bytes)).bytes, stripped), 0);
    assert.deepEqual((await codec.compress(stripped, options)).warnings, []);
    await assert.rejects(codec.compress(CAMERA, { ...options, exactness: 'exact' }), {
      code: 'usage',
      option: 'stripMetadata',
    });
  });

  it('stop at a signal at any moment, and the next call is correct', async () => {
    const reason = new Error('the client has gone');
    const large = new Uint8Array(await drawnImage(512, 512).jpeg({ quality: 95 }).toBuffer());
    for (const milliseconds of [0, 20, 200]) {
      const controller = new AbortController();
      const call = codec.compress(large, { signal: controller.signal });
      await Promise.race([call, setTimeout(milliseconds)]);
      controller.abort(reason);
      await assert.rejects(call, (error) => error === reason);
      const next = await codec.compress(CAMERA, { name: 'a.JPG', effort: 1 });
      assert.equal(Buffer.compare(next.bytes, compressed.bytes), 0);
    }
  });
});
