import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { parseFile, type PrnnFile } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { embeddedPreview } from '#pixrnn/codec/embedded-preview.js';
import { inspectFile } from '#pixrnn/codec/inspect.js';
import { previewToRaster } from '#pixrnn/codec/preview.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { CHECK_BYTES, checksum } from '#pixrnn/crc32.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { NO_METADATA, packMetadata } from '#pixrnn/image/png-metadata.js';
import { writePnm } from '#pixrnn/image/pnm-write.js';
import { checkRaster, type Raster } from '#pixrnn/image/raster.js';
import { blobs, cutout, flat, gradient, noise } from '../../fixtures/draw.js';
import { PICTURE, withPreview } from '../../fixtures/preview.js';

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

const MAX_HEADER = 40;

/** Files of each kind with a preview, and what they restore. */
async function filesOfKinds(): Promise<Readonly<Record<PrnnKind, { bytes: Uint8Array; source: Uint8Array }>>> {
  const raster = blobs({ width: 21, height: 9, channels: 1 });
  const jpeg = new Uint8Array(
    await sharp(gradient({ width: 40, height: 24 }).samples, RAW)
      .jpeg()
      .toBuffer(),
  );
  const tiny = noise({ width: 9, height: 9, channels: 1, depth: 1 });
  const pbm = writePnm(tiny, NO_METADATA);
  const source = { bytes: pbm, extension: '.pbm', mayStore: true };
  const files = {
    pixels: { bytes: (await compressRaster(raster, { effort: 1, pool })).bytes, source: raster.samples },
    jpeg: { bytes: (await compressJpeg({ bytes: jpeg, extension: '.jpg' }, { pool })).bytes, source: jpeg },
    stored: { bytes: (await compressRaster(tiny, { source, pool })).bytes, source: pbm },
  };
  for (const kind of Object.keys(files) as PrnnKind[]) assert.equal(kindOf(parseFile(files[kind].bytes)), kind);
  return files;
}

type PrnnKind = 'pixels' | 'jpeg' | 'stored';
const RAW = { raw: { width: 40, height: 24, channels: 3 } } as const;

function kindOf(file: PrnnFile): PrnnKind {
  return 'header' in file ? 'pixels' : 'record' in file ? 'jpeg' : 'stored';
}

/** Returns what a file restores: samples or the bytes of its source. */
async function restored(bytes: Uint8Array): Promise<Uint8Array> {
  const file = parseFile(bytes);
  const source = await restoreFile(file, { pool });
  return source ?? ((await decompressToRaster(bytes, { pool })).raster.samples as Uint8Array);
}

/** Returns where the picture starts. */
function pictureStart(bytes: Uint8Array): number {
  const start = Buffer.from(bytes).indexOf(PICTURE);
  assert.ok(start > 0 && start <= MAX_HEADER, `${start}`);
  return start;
}

test('files of every kind have a preview that is found in their first bytes and taken out again', async () => {
  for (const [kind, { bytes, source }] of Object.entries(await filesOfKinds())) {
    assert.equal(embeddedPreview(bytes), null);
    const file = withPreview(bytes);
    const start = pictureStart(file);
    assert.ok(file.length - bytes.length - PICTURE.length <= 5, kind);
    const { whole, ...picture } = embeddedPreview(file.subarray(0, start + PICTURE.length + 2))!;
    assert.deepEqual(picture, { bytes: PICTURE, type: 'image/webp', width: 16, height: 12 });
    const { width, height } = await inspectFile(file);
    assert.deepEqual(whole, { width, height });
    assert.throws(() => embeddedPreview(file.subarray(0, start + PICTURE.length + 1)), { code: 'file-truncated' });
    assert.deepEqual(await restored(file), source, kind);
    assert.deepEqual(withPreview(file, null), bytes, 'the rest is as without it');
    const info = await inspectFile(file);
    assert.deepEqual(info.preview, { bytes: 74, picture: { type: 'image/webp', width: 16, height: 12 } });
    const { codedBytes, metadataBytes, recipeBytes, previewBytes, overheadBytes } = info;
    assert.equal(previewBytes, 76);
    assert.equal(codedBytes + metadataBytes + recipeBytes + previewBytes + overheadBytes, file.length, kind);
  }
});

test('the image decodes whatever happens to the preview', async () => {
  for (const [kind, { bytes, source }] of Object.entries(await filesOfKinds())) {
    const file = withPreview(bytes);
    const start = pictureStart(file);
    for (let i = start; i < start + PICTURE.length + 2; i++) {
      const damaged = file.slice();
      damaged[i]! ^= 1 << (i % 8);
      const parsed = parseFile(damaged);
      assert.equal(parsed.preview?.damaged, true);
      assert.throws(() => embeddedPreview(damaged), { code: 'file-corrupt', message: /its preview is damaged/ });
      if (i % 16 === 0) assert.deepEqual(await restored(damaged), source, `${kind}: byte ${i}`);
    }
    const damaged = file.slice().fill(0, start, start + PICTURE.length);
    assert.deepEqual(await restored(damaged), source);
    assert.deepEqual((await inspectFile(damaged)).preview, { bytes: 74, picture: null });
  }
});

test('pictures that lie about themselves are refused, and the image decodes', async () => {
  const large = PICTURE.slice();
  new DataView(large.buffer).setUint16(26, 0x3fff, true); // 16383 x 12
  const empty = PICTURE.slice();
  new DataView(empty.buffer).setUint16(28, 0, true); // 16 x 0
  const longer = PICTURE.slice();
  new DataView(longer.buffer).setUint32(4, 0x7fffffff, true); // the RIFF length
  const jpegSize = [0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3];
  const pictures = [large, empty, Uint8Array.of(7), new TextEncoder().encode('<svg/>'), Uint8Array.from(jpegSize)];
  for (const { bytes, source } of Object.values(await filesOfKinds())) {
    for (const picture of pictures) {
      const file = withPreview(bytes, picture);
      assert.throws(() => embeddedPreview(file), { code: 'file-corrupt', message: /its preview is damaged/ });
      await assert.rejects(previewToRaster(file), { code: 'file-corrupt' });
      assert.deepEqual(await restored(file), source);
    }
    // Only its decoder notices.
    await assert.rejects(previewToRaster(withPreview(bytes, longer)), { code: 'file-corrupt', message: /preview/ });
    await assert.rejects(previewToRaster(withPreview(bytes, PICTURE.subarray(0, 40))), { code: 'file-corrupt' });
  }
});

test('a length of the preview that is wrong or invalid is never followed', async () => {
  for (const { bytes, source } of Object.values(await filesOfKinds())) {
    const file = withPreview(bytes);
    const at = pictureStart(file) - 3;
    assert.equal(file[at], PICTURE.length);
    for (let length = 0; length < 128; length++) {
      const changed = file.slice();
      changed[at] = length;
      if (length !== PICTURE.length) assert.throws(() => parseFile(changed), { code: 'file-corrupt' });
      new DataView(changed.buffer).setUint16(at + 1, checksum(CHECK_BYTES, changed.subarray(0, at + 1)));
      if (length === PICTURE.length) assert.deepEqual(await restored(changed), source);
      else assert.throws(() => parseFile(changed), { name: 'PixrnnError' }, `${length} bytes`);
    }
    for (const picture of [new Uint8Array(0), new Uint8Array(2 ** 16)]) {
      assert.throws(() => withPreview(bytes, picture), RangeError);
    }
    const longest = withPreview(bytes, new Uint8Array(2 ** 16 - 1));
    assert.deepEqual(await restored(longest), source);
  }
});

test('compress makes a small picture of every kind of image, and changes nothing else', async () => {
  const palette = Uint8Array.from({ length: 48 }, (_, i) => 5 * i);
  const colours = await packMetadata({ ...NO_METADATA, beforeImage: [{ type: 'PLTE', data: palette }] });
  const size = { width: 600, height: 5 };
  const kinds: [Raster, Uint8Array[]][] = [
    ...([1, 2, 4, 8, 16] as const).map((depth): [Raster, Uint8Array[]] => [flat({ ...size, channels: 1, depth }), []]),
    [flat({ ...size, depth: 16 }), []],
    [flat({ ...size, channels: 2 }), []],
    [cutout({ width: 61, height: 40, channels: 4 }), []],
    [{ ...flat({ ...size, channels: 1, depth: 4 }), indexed: true }, [colours!]],
    [flat({ width: 1, height: 1 }), []],
    [flat({ width: 1, height: 3000 }), []],
  ];
  for (const [raster, metadata] of kinds) {
    checkRaster(raster);
    const options = { pool, metadata, effort: 1, verify: false } as const;
    const plain = await compressRaster(raster, options);
    const { bytes, previewBytes } = await compressRaster(raster, { ...options, verify: true, preview: true });
    assert.deepEqual(withPreview(bytes, null), plain.bytes);
    const { width, height, whole, bytes: picture } = embeddedPreview(bytes)!;
    assert.ok(picture.length <= 3000 && previewBytes === picture.length + 2, `${picture.length} bytes`);
    const scale = Math.min(1, 256 / Math.max(raster.width, raster.height));
    assert.deepEqual(
      [width, height],
      [raster.width, raster.height].map((side) => Math.max(1, Math.round(scale * side))),
    );
    assert.deepEqual(whole, { width: raster.width, height: raster.height });
  }
});

test('the picture looks like the image', async () => {
  const raster = gradient({ width: 700, height: 60 });
  const { bytes } = await compressRaster(raster, { pool, effort: 1, verify: false, preview: true });
  const { raster: small, factor, shape, picture } = await previewToRaster(bytes);
  assert.deepEqual([small.width, small.height, small.channels], [256, 22, 3]);
  assert.ok(picture && Math.abs(factor - 700 / 256) < 1e-9);
  assert.deepEqual([shape.width, shape.height], [700, 60]);
  let sum = 0;
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const at = Math.floor((y * 60) / 22) * 700 + Math.floor((x * 700) / 256);
      for (let c = 0; c < 3; c++) {
        sum += Math.abs(small.samples[3 * (y * small.width + x) + c]! - raster.samples[3 * at + c]!);
      }
    }
  }
  const mean = sum / small.samples.length;
  assert.ok(mean < 6, `mean difference ${mean}`);
});

test('the picture of a JPEG file is upright; one that cannot be shown gets none', async () => {
  const upright = sharp(gradient({ width: 40, height: 24 }).samples, RAW);
  const jpeg = new Uint8Array(await upright.withMetadata({ orientation: 6 }).jpeg().toBuffer());
  const source = { bytes: jpeg, extension: '.jpg' };
  const { bytes, previewBytes } = await compressJpeg(source, { pool, preview: true });
  const { width, height, whole } = embeddedPreview(bytes)!;
  assert.deepEqual([width, height, whole], [24, 40, { width: 24, height: 40 }]);
  assert.equal(previewBytes, embeddedPreview(bytes)!.bytes.length + 2);
  assert.deepEqual(await restored(bytes), jpeg);
  assert.deepEqual(withPreview(bytes, null), (await compressJpeg(source, { pool })).bytes);

  const cut = jpeg.subarray(0, jpeg.length - 200); // within the scan: it is stored
  const stored = await compressJpeg({ bytes: cut, extension: '.jpg' }, { pool, preview: true });
  assert.equal(parseFile(stored.bytes).preview === undefined, stored.previewBytes === 0);
  assert.deepEqual(await restored(stored.bytes), cut);
  const lost = jpeg.subarray(0, Buffer.from(jpeg).indexOf(Buffer.of(0xff, 0xda))); // no scan at all
  const unseen = await compressJpeg({ bytes: lost, extension: '.jpg' }, { pool, preview: true });
  assert.equal(unseen.previewBytes, 0);
  assert.equal(embeddedPreview(unseen.bytes), null);
});
