import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { fileSize, pixelsOf, restoredExtension, UNKNOWN_SIZE } from '#pixrnn/batch/header.js';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { encodeContainer, encodeStored } from '#pixrnn/codec/container.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { blobs, screen } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { Folder } from '../cli/pixrnn.js';
import { smallFile } from '../codec/samples.js';
import { makeFifo } from '../platform.js';

test('reads the size from the header of every format', async (context) => {
  const folder = new Folder(context);
  const image = blobs({ width: 31, height: 17 });
  const { samples, width, height, channels } = image;
  const raw = sharp(samples, { raw: { width, height, channels } });
  folder.put('a.png', pngOf(image).subarray(0, 40));
  folder.put('a.prnn', (await compressRaster(image, { effort: 1, verify: false })).bytes.subarray(0, 40));
  folder.put('a.ppm', await writeImage(image, [], 'pnm'));
  folder.put('deep.pam', Buffer.from('P7\nWIDTH 31\nHEIGHT 17\nDEPTH 4\nMAXVAL 65535\n'));
  folder.put('note.ppm', Buffer.from('P6\n# made by hand\n31 17\n255\n'));
  folder.put('a.tif', await raw.tiff().toBuffer());
  folder.put('a.webp', await raw.webp({ lossless: true }).toBuffer());
  folder.put('a.gif', await raw.gif().toBuffer());
  folder.put('a.jpg', await raw.jpeg().toBuffer());
  const bmp = Buffer.alloc(64);
  bmp.write('BM');
  bmp.writeInt32LE(31, 18);
  bmp.writeInt32LE(-17, 22);
  folder.put('a.bmp', bmp);
  for (const name of folder.list()) {
    const { shape, bytes } = await fileSize(folder.at(name));
    assert.deepEqual([shape?.width, shape?.height], [31, 17], name);
    assert.ok(bytes > 20, name);
  }
  assert.equal((await fileSize(folder.at('a.png'))).shape?.channels, 3);
  assert.equal((await fileSize(folder.at('deep.pam'))).shape?.depth, 16);
});

test('recognizes files without a model, estimates unknown sizes from the bytes, and does not block on a pipe', async (context) => {
  const folder = new Folder(context);
  folder.put('quick.prnn', (await compressRaster(screen({ width: 96, height: 96 }))).bytes);
  folder.put('slow.prnn', (await compressRaster(blobs({ width: 24, height: 24 }), { effort: 1 })).bytes);
  folder.put('broken.png', Buffer.from('broken'));
  makeFifo(folder.at('pipe.png'));
  assert.equal((await fileSize(folder.at('quick.prnn'))).isQuick, true);
  assert.equal((await fileSize(folder.at('slow.prnn'))).isQuick, false);
  assert.equal(pixelsOf(await fileSize(folder.at('broken.png'))), 6);
  for (const name of ['pipe.png', 'none.png']) {
    assert.deepEqual(await fileSize(folder.at(name)), UNKNOWN_SIZE);
  }
});

test('reads the extension of the source from the header of a .prnn file', async (context) => {
  const folder = new Folder(context);
  const { container, bytes } = smallFile();
  const stored = encodeStored({ width: 31, height: 17, extension: '.pgm', source: new Uint8Array(600) });
  folder.put('exact.prnn', bytes.subarray(0, 40));
  folder.put('stored.prnn', stored.subarray(0, 40));
  folder.put('pixels.prnn', encodeContainer({ ...container, restoration: null }));
  folder.put('short.prnn', bytes.subarray(0, 6));
  folder.put('foreign.prnn', pngOf(blobs({ width: 4, height: 3 })));
  makeFifo(folder.at('pipe.prnn'));
  const extensions = ['exact', 'stored', 'pixels', 'short', 'foreign', 'pipe', 'none'].map((name) =>
    restoredExtension(folder.at(`${name}.prnn`)),
  );
  assert.deepEqual(extensions, ['.PNG', '.pgm', null, null, null, null, null]);
  const { shape, isQuick } = await fileSize(folder.at('stored.prnn'));
  assert.deepEqual([shape?.width, shape?.height, isQuick], [31, 17, true]);
});

test('knows the coefficients of JPEG files and of what codes them, as a maximum', async (context) => {
  const folder = new Folder(context);
  const image = sharp({ create: { width: 64, height: 32, channels: 3, background: '#123' } });
  const files = {
    subsampled: await image.jpeg().toBuffer(),
    full: await image.jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
    gray: await image.clone().toColourspace('b-w').jpeg().toBuffer(),
    cmyk: await image.clone().toColourspace('cmyk').jpeg().toBuffer(),
    png: await image.png().toBuffer(),
  };
  const components: Record<string, number | null> = {};
  for (const [name, bytes] of Object.entries(files)) {
    folder.put(name, bytes);
    const { coefficients } = await fileSize(folder.at(name));
    components[name] = coefficients && coefficients / (64 * 32);
  }
  assert.deepEqual(components, { subsampled: 2, full: 3, gray: 1, cmyk: 4, png: null });
  const { bytes } = await compressJpeg({ bytes: new Uint8Array(files.full), extension: '.jpg' }, { effort: 1 });
  folder.put('a.prnn', bytes);
  assert.equal((await fileSize(folder.at('a.prnn'))).coefficients, 3 * 64 * 32);
});
