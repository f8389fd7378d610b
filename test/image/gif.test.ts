import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { gifLzw } from '#pixrnn/packing/lzw-codes.js';
import { decodeLzw } from '#pixrnn/packing/lzw-decode.js';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { gifBlocks, referenceGif } from './reference-gif.js';

const unreadable = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unreadable', message });
const unsupported = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unsupported', message });
const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test('reads files of libvips as libvips does', async () => {
  for (const [drawing, width, height] of [
    [blobs, 70, 50],
    [noise, 90, 80],
    [blobs, 1, 1],
  ] as const) {
    const raster = drawing({ width, height });
    const file = await sharp(raster.samples, { raw: { width, height, channels: 3 } })
      .gif()
      .toBuffer();
    const read = await readImage(file);
    assert.deepEqual([read.raster.depth, read.raster.indexed, read.source.format], [8, true, 'GIF']);
    const png = await writePng(read.raster, read.metadata);
    const rgba = (input: Uint8Array): Promise<Buffer> => sharp(input).ensureAlpha().raw().toBuffer();
    assert.deepEqual(await rgba(png), await rgba(file));
  }
});

test('keeps indices, palette and transparent index', async () => {
  const { raster, metadata } = await readImage(
    referenceGif(4, 2, [{ width: 4, height: 2, indices: count(8), transparent: 2 }]),
  );
  assert.deepEqual(raster, {
    width: 4,
    height: 2,
    channels: 1,
    depth: 8,
    indexed: true,
    samples: Uint8Array.from(count(8)),
  });
  const [, colours, alpha] = readChunks(await writePng(raster, metadata)).chunks;
  assert.deepEqual(
    Array.from(colours!.data),
    Array.from({ length: 384 }, (_, i) => (i * 7) & 255),
  );
  assert.deepEqual([alpha!.type, ...alpha!.data], ['tRNS', 255, 255, 0]);
});

test('prefers the palette of the frame to that of the file', async () => {
  const own = { width: 1, height: 1, indices: [1], palette: [1, 2, 3, 4, 5, 6] };
  const { raster, metadata } = await readImage(referenceGif(1, 1, [own]));
  assert.deepEqual(Array.from(readChunks(await writePng(raster, metadata)).chunks[1]!.data), [1, 2, 3, 4, 5, 6]);
});

test('restores interlaced rows to their positions', async () => {
  const order = [0, 8, 4, 2, 6, 10, 1, 3, 5, 7, 9];
  const { raster } = await readImage(referenceGif(1, 11, [{ width: 1, height: 11, indices: order, interlaced: true }]));
  assert.deepEqual(raster.samples, Uint8Array.from(count(11)));
});

test('pixels outside the frame are transparent', async () => {
  const frame = { x: 1, y: 1, width: 2, height: 1, indices: [5, 6] };
  const own = await readImage(referenceGif(3, 2, [{ ...frame, transparent: 9 }]));
  assert.deepEqual(Array.from(own.raster.samples), [9, 9, 9, 9, 5, 6]);
  const more = await readImage(referenceGif(3, 2, [frame]));
  assert.deepEqual(Array.from(more.raster.samples), [128, 128, 128, 128, 5, 6]);
  const [, colours, alpha] = readChunks(await writePng(more.raster, more.metadata)).chunks;
  assert.deepEqual([colours!.data.length, alpha!.data.length, alpha!.data[128]], [129 * 3, 129, 0]);
  await assert.rejects(readImage(referenceGif(3, 2, [frame], [], 256)), unsupported(/smaller than their screen/));
});

test('rejects an animation, or reads its first frame', async () => {
  const frames = [
    { width: 1, height: 1, indices: [3] },
    { width: 1, height: 1, indices: [4] },
  ];
  await assert.rejects(readImage(referenceGif(1, 1, frames)), unsupported(/animated GIF of 2 frames\. .*firstFrame/));
  const { raster, source } = await readImage(referenceGif(1, 1, frames), { firstFrame: true });
  assert.deepEqual(Array.from(raster.samples), [3]);
  assert.deepEqual([source.pages, source.warnings], [2, ['only the first of 2 frames is kept']]);
});

test('keeps comment, profile and XMP', async () => {
  const named = (name: string): number[] => [0x21, 0xff, 11, ...Buffer.from(name)];
  const magic = [1, ...Array.from({ length: 256 }, (_, i) => 255 - i), 0];
  const extensions = [
    ...[0x21, 0xfe, ...gifBlocks([...Buffer.from('hello')])],
    ...[...named('ICCRGBG1012'), ...gifBlocks([...Buffer.from('profile')])],
    ...[...named('XMP DataXMP'), ...Buffer.from('<x:xmpmeta/>'), ...magic],
    ...[...named('NETSCAPE2.0'), ...gifBlocks([1, 0, 0])],
  ];
  const { raster, metadata } = await readImage(referenceGif(1, 1, [{ width: 1, height: 1, indices: [0] }], extensions));
  const chunks = readChunks(await writePng(raster, metadata)).chunks;
  assert.deepEqual(
    chunks.map(({ type }) => type),
    ['IHDR', 'iCCP', 'PLTE', 'iTXt', 'tEXt', 'IDAT', 'IEND'],
  );
  assert.match(Buffer.from(chunks[3]!.data).toString('latin1'), /^XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta\/>$/);
  assert.equal(Buffer.from(chunks[4]!.data).toString('latin1'), 'Comment\0hello');
});

test('rejects corrupt files', async () => {
  const whole = referenceGif(4, 2, [{ width: 4, height: 2, indices: count(8) }]);
  for (let length = 6; length < whole.length; length++) {
    await assert.rejects(readImage(whole.subarray(0, length)), unreadable(/cut off/), `${length} bytes`);
  }
  const frame = { width: 4, height: 2, indices: count(8) };
  await assert.rejects(readImage(referenceGif(4, 2, [])), unreadable(/contains no image/));
  await assert.rejects(readImage(referenceGif(0, 2, [frame])), unreadable(/0 x 2/));
  await assert.rejects(readImage(referenceGif(4, 2, [{ ...frame, x: 1 }])), unreadable(/extends beyond the screen/));
  await assert.rejects(
    readImage(referenceGif(4, 2, [{ ...frame, indices: count(7) }])),
    unreadable(/image data .* ends too early/),
  );
  await assert.rejects(
    readImage(referenceGif(4, 2, [{ ...frame, indices: [0, 200] }])),
    unreadable(/code 200 is undefined/),
  );
  await assert.rejects(readImage(referenceGif(4, 2, [frame], [7])), unreadable(/no block begins at byte/));
  await assert.rejects(readImage(whole, { maxPixels: 7 }), { code: 'limit' });
});

test('a code that is not yet in the table stands for its string', () => {
  // 3 bits: clear, 1, 6 (= 1 1), 5 (end): three times index 1
  assert.deepEqual(decodeLzw(Uint8Array.of(0b10001100, 0b1011), gifLzw(2), 3), Uint8Array.of(1, 1, 1));
  assert.throws(() => decodeLzw(Uint8Array.of(0b00110100), gifLzw(2), 3), RangeError);
});
