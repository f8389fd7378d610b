import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { chunksOf, extrasOf } from '#pixrnn/image/ancillary-chunks.js';
import { NO_METADATA, packMetadata, unpackMetadata } from '#pixrnn/image/png-metadata.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { readTiff } from '#pixrnn/image/tiff-ifd.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { blobs } from '../../fixtures/draw.js';
import { KINDS, randomRaster } from './reference-png.js';
import { type Field, type TiffParts, referenceTiff } from './reference-tiff.js';

const unreadable = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unreadable', message });
const unsupported = (message: RegExp): object => ({ name: 'PixrnnError', code: 'input-unsupported', message });
const one: TiffParts = { width: 1, height: 1, bits: 8, photometric: 1, data: [5] };

async function samplesOf(parts: TiffParts): Promise<unknown[]> {
  const { raster } = await readImage(referenceTiff(parts));
  return [raster.channels, raster.depth, raster.indexed, ...raster.samples];
}

test('reads files of libvips exactly, at 8 and 16 bits, with and without a profile', async () => {
  for (const { channels, depth, indexed } of KINDS.filter((kind) => kind.depth >= 8 && !kind.indexed)) {
    const { samples } = randomRaster(33, 20, { channels, depth, indexed });
    const space = depth === 16 ? (channels < 3 ? 'grey16' : 'rgb16') : channels < 3 ? 'b-w' : 'srgb';
    for (const predictor of ['none', 'horizontal'] as const) {
      for (const tile of [false, true]) {
        const tiff = await sharp(samples, { raw: { width: 33, height: 20, channels } })
          .toColourspace(space)
          .tiff({ compression: 'lzw', predictor, tile, tileWidth: 16, tileHeight: 16 })
          .toBuffer();
        const { raster, source } = await readImage(tiff);
        assert.deepEqual(raster, { width: 33, height: 20, channels, depth, indexed, samples });
        assert.deepEqual([source.format, source.lossy], ['TIFF', false]);
      }
    }
  }
  const raster = blobs({ width: 9, height: 9 });
  const { width, height, channels } = raster;
  const p3 = await sharp(raster.samples, { raw: { width, height, channels } }).keepIccProfile().tiff().toBuffer();
  const withProfile = await sharp(p3).withIccProfile('p3').tiff({ compression: 'deflate' }).toBuffer();
  const read = await readImage(withProfile);
  const stored = await sharp(withProfile, { ignoreIcc: true }).raw().toBuffer();
  assert.deepEqual(Buffer.from(read.raster.samples as Uint8Array), stored);
  const { icc } = extrasOf(await unpackMetadata(read.metadata[0]!));
  assert.deepEqual(Buffer.from(icc!), (await sharp(withProfile).metadata()).icc);
});

test('pixrnn and libvips read every kind of file that it writes', async () => {
  for (const kind of KINDS.filter(({ indexed }) => !indexed)) {
    for (const [width, height] of [
      [1, 1],
      [13, 7],
      [400, 900],
    ] as const) {
      const raster = randomRaster(width, height, kind);
      const tiff = await writeImage(raster, [], 'tiff');
      assert.deepEqual((await readImage(tiff)).raster, raster);
      const info = await sharp(tiff).metadata();
      assert.deepEqual([info.channels, info.bitsPerSample], [kind.channels, kind.depth]);
    }
  }
});

test('reads gray of few bits, and gray with white at 0', async () => {
  const cases: [number, number, number[], number[]][] = [
    [1, 1, [0b10110000], [1, 0, 1, 1]],
    [1, 0, [0b10110000], [0, 1, 0, 0]],
    [2, 1, [0b00011011], [0, 1, 2, 3]],
    [2, 0, [0b00011011], [3, 2, 1, 0]],
    [4, 1, [0x01, 0x9f], [0, 1, 9, 15]],
    [8, 0, [1, 2, 3, 255], [254, 253, 252, 0]],
    [16, 0, [0, 0, 1, 0, 0, 1, 255, 255], [65535, 65534, 65279, 0]],
  ];
  for (const [bits, photometric, data, samples] of cases) {
    const found = await samplesOf({ width: 4, height: 1, bits, photometric, data });
    assert.deepEqual(found, [1, bits, false, ...samples], `${bits} bits`);
  }
});

test('follows the byte order of the file', async () => {
  const parts = { width: 2, height: 1, bits: 16, photometric: 1, data: [1, 2, 3, 4] };
  assert.deepEqual(await samplesOf(parts), [1, 16, false, 0x201, 0x403]);
  assert.deepEqual(await samplesOf({ ...parts, bigEndian: true }), [1, 16, false, 0x102, 0x304]);
});

test('palettes stay palettes', async () => {
  const map = (bits: number, scale: number): Field => [
    320,
    3,
    Array.from({ length: 3 << bits }, (_, i) => ((i * 7) & 255) * scale),
  ];
  for (const bigEndian of [false, true]) {
    for (const [bits, data] of [
      [1, [0x40]],
      [4, [0x01]],
      [8, [0, 1]],
    ] as const) {
      for (const scale of [257, 256]) {
        const parts = {
          width: 2,
          height: 1,
          bits,
          photometric: 3,
          data: [...data],
          fields: [map(bits, scale)],
          bigEndian,
        };
        const { raster, metadata } = await readImage(referenceTiff(parts));
        assert.deepEqual([raster.indexed, raster.depth, ...raster.samples], [true, bits, 0, 1]);
        const { beforeImage } = await unpackMetadata(metadata[0]!);
        const plane = 7 << bits;
        const colours = [0, plane, 2 * plane, 7, plane + 7, 2 * plane + 7].map((value) => value & 255);
        assert.deepEqual(Array.from(beforeImage[0]!.data.subarray(0, 6)), colours);
      }
    }
  }
  const parts = { ...one, photometric: 3, data: [0] };
  await assert.rejects(samplesOf({ ...parts, fields: [map(8, 200)] }), unsupported(/palette of 16-bit colours/));
  await assert.rejects(samplesOf(parts), unreadable(/palette has only 0 of 256 colours/));
  await assert.rejects(samplesOf({ ...parts, bits: 16, data: [0, 0] }), unsupported(/16-bit palette indices/));
});

test('reads the chosen one of several images', async () => {
  const file = referenceTiff(one, { ...one, width: 2, data: [6, 7] });
  await assert.rejects(readImage(file), unsupported(/TIFF file with 2 images\. .*page/));
  const { raster, source } = await readImage(file, { page: 2 });
  assert.deepEqual([raster.width, source.pages, ...raster.samples], [2, 2, 6, 7]);
  assert.deepEqual(Array.from((await readImage(file, { page: 1 })).raster.samples), [5]);
  await assert.rejects(readImage(file, { page: 3 }), unsupported(/no image 3: the last one is 2/));
});

test('names kinds of images that PNG lacks', async () => {
  const refused = (change: Partial<TiffParts>, message: RegExp): Promise<void> =>
    assert.rejects(readImage(referenceTiff({ ...one, ...change })), unsupported(message));
  const rgba = { channels: 4, photometric: 2, data: [1, 2, 3, 4] };
  await refused({ ...rgba, photometric: 5 }, /TIFF files with CMYK are not supported/);
  await refused({ ...rgba, fields: [[338, 3, [1]]] }, /premultiplied/);
  await refused({ ...rgba, fields: [[338, 3, [0]]] }, /neither colour nor alpha/);
  await refused({ ...rgba, channels: 5, data: [1, 2, 3, 4, 5], fields: [[338, 3, [2, 0]]] }, /with 5 channels/);
  await refused({ photometric: 8 }, /with CIE Lab/);
  await refused({ photometric: 6 }, /with YCbCr/);
  await refused({ photometric: 32803 }, /raw camera data/);
  await refused({ photometric: 99 }, /with colour space 99/);
  await refused({ bits: 32, data: [0, 0, 0, 0], fields: [[339, 3, [3]]] }, /with 32-bit floating-point samples/);
  await refused({ bits: 64, data: Array<number>(8).fill(0), fields: [[339, 3, [6]]] }, /with complex samples/);
  await refused({ fields: [[339, 3, [2]]] }, /with 8-bit signed samples/);
  await refused({ bits: 32, data: [0, 0, 0, 0] }, /with 32-bit samples/);
  await refused({ bits: 12, data: [0, 0] }, /with 12-bit samples/);
  await refused({ channels: 3, photometric: 2, fields: [[258, 3, [5, 6, 5]]] }, /different depths \(5, 6, 5 bits\)/);
  await refused({ fields: [[259, 3, [34712]]] }, /with compression 34712/);
});

test('JPEG in TIFF is a lossy source', async () => {
  const tiff = await sharp(blobs({ width: 32, height: 16 }).samples, { raw: { width: 32, height: 16, channels: 3 } })
    .tiff({ compression: 'jpeg' })
    .toBuffer();
  await assert.rejects(
    readImage(tiff),
    unsupported(/a TIFF file, which is compressed with loss.* 1,536 bytes of samples/),
  );
  const { raster, source } = await readImage(tiff, { allowLossySource: true });
  assert.deepEqual([raster.channels, raster.samples.length, source.lossy], [3, 1536, true]);
});

test('keeps profile, EXIF, XMP and resolution through TIFF and back', async () => {
  const [icc, xmp] = [Buffer.from('a profile'), Buffer.from('<x:xmpmeta/>')];
  const text = (s: string): number[] => [...Buffer.from(`${s}\0`)];
  const exif = referenceTiff({
    ...one,
    fields: [
      [315, 7, text('somebody')],
      [274, 3, [6]],
    ],
  });
  const chunks = chunksOf({ icc, exif, xmp, resolution: [11811, 3937] });
  const metadata = [(await packMetadata({ ...NO_METADATA, beforeImage: chunks }))!];
  const raster = randomRaster(5, 4, { channels: 3, depth: 16, indexed: false });
  const read = await readImage(await writeImage(raster, metadata, 'tiff'));
  assert.deepEqual(read.raster, raster, 'the orientation is not applied');
  const back = extrasOf(await unpackMetadata(read.metadata[0]!));
  assert.deepEqual([Buffer.from(back.icc!), Buffer.from(back.xmp!), back.resolution], [icc, xmp, [11811, 3937]]);
  const [directory] = readTiff(back.exif!);
  assert.equal(directory!.number(274, 1), 6);
  assert.deepEqual(Array.from(directory!.bytes(315)!), text('somebody'));
  const plain = await readImage(referenceTiff({ ...one, fields: [[274, 3, [1]]] }));
  assert.deepEqual(plain.metadata, [], 'an upright image needs no EXIF');
});

test('keeps nested directories of EXIF and GPS', async () => {
  const jpeg = await sharp(blobs({ width: 8, height: 8 }).samples, { raw: { width: 8, height: 8, channels: 3 } })
    .withExif({ IFD0: { Artist: 'somebody' }, IFD2: { ExposureTime: '1/50' }, IFD3: { GPSLatitudeRef: 'N' } })
    .jpeg()
    .toBuffer();
  const { raster, metadata } = await readImage(jpeg, { allowLossySource: true });
  const back = await readImage(await writeImage(raster, metadata, 'tiff'));
  const [directory] = readTiff(extrasOf(await unpackMetadata(back.metadata[0]!)).exif!);
  assert.equal(directory!.children.get(34665)!.number(33434, 0), 1 / 50);
  assert.deepEqual(Array.from(directory!.children.get(34853)!.bytes(1)!), [0x4e, 0]);
});

test('rejects corrupt files', async () => {
  const whole = referenceTiff({ ...one, fields: [[320, 3, [1, 2, 3]]] });
  for (let length = 4; length < whole.length; length++) {
    await assert.rejects(readImage(whole.subarray(0, length)), unreadable(/cut off/), `${length} bytes`);
  }
  const loop = Buffer.from(whole);
  loop.writeUInt32LE(loop.readUInt32LE(4), loop.length - 4);
  await assert.rejects(readImage(loop), unreadable(/chain of directories does not end/));
  await assert.rejects(samplesOf({ ...one, width: 0 }), unreadable(/0 x 1 pixels/));
  await assert.rejects(samplesOf({ ...one, fields: [[273, 4, [9999]]] }), unreadable(/damaged or incomplete/));
  await assert.rejects(readImage(referenceTiff({ ...one, width: 3, data: [1, 2, 3] }), { maxPixels: 2 }), {
    code: 'limit',
  });
});
