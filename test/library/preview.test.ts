import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { Codec, embeddedPreview, inspect } from '#pixrnn/index.js';
import { gradient } from '../../fixtures/draw.js';

const codec = new Codec({ threads: 1 });
after(() => codec.close());

test('compress embeds a preview that decompress returns as samples, as a file, and as it is', async () => {
  const raster = gradient({ width: 300, height: 40 });
  const { bytes, previewBytes } = await codec.compress(raster, { effort: 1, preview: true });
  const { bytes: picture, whole } = embeddedPreview(bytes.subarray(0, 3100))!;
  assert.deepEqual([whole, previewBytes], [{ width: 300, height: 40 }, picture.length + 2]);
  assert.equal((await inspect(bytes)).preview?.bytes, picture.length);

  const samples = await codec.decompress(bytes, { preview: true, format: 'raster' });
  assert.deepEqual([samples.raster.width, samples.raster.height, samples.metadata], [256, 34, []]);
  assert.deepEqual([samples.whole, samples.factor], [whole, 300 / 256]);
  const png = await codec.decompress(bytes.subarray(0, 3100), { preview: true });
  assert.deepEqual([png.format, png.isSource, png.width, png.height], ['png', false, 256, 34]);
  assert.deepEqual(new Uint8Array(await sharp(png.bytes).raw().toBuffer()), samples.raster.samples);
  const webp = await codec.decompress(bytes, { preview: true, format: 'webp' });
  assert.deepEqual(webp.bytes, picture);

  const decoded = await codec.decompress(bytes, { format: 'raster' });
  assert.deepEqual([decoded.raster, decoded.factor], [raster, 1]);
});
