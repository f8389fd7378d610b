import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { concatBytes } from '#pixrnn/bytes.js';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { encodeStored, parseFile } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { withParity } from '#pixrnn/codec/file-parity.js';
import { inspectFile } from '#pixrnn/codec/inspect.js';
import { jpegSource } from '#pixrnn/codec/jpeg-source.js';
import { requireUndamaged } from '#pixrnn/codec/parity-damage.js';
import { repair } from '#pixrnn/codec/repair.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { salvage } from '#pixrnn/codec/salvage.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type ErrorCode, PixrnnError } from '#pixrnn/errors.js';
import { readProtected } from '#pixrnn/parity/parity.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { cameraFile } from './jpeg-files.js';

/** Two tiles. */
const IMAGE = blobs({ width: 2000, height: 8 });
const PARITY = 20;

let pool: EnginePool;
/** Files of all kinds without parity, and with it. */
let files: { kind: string; plain: Uint8Array; bytes: Uint8Array }[];
before(async () => {
  pool = await EnginePool.create({ threads: 1 });
  const pixels = (parity?: number) => compressRaster(IMAGE, { effort: 1, pool, parity });
  const camera = await cameraFile();
  const jpeg = (parity?: number) => compressJpeg(jpegSource('a.jpg', camera, {}), { effort: 1, pool, parity });
  const source = pngOf(noise({ width: 30, height: 20 }));
  const stored = encodeStored({ width: 30, height: 20, extension: '.png', source });
  files = [
    { kind: 'pixels', plain: (await pixels()).bytes, bytes: (await pixels(PARITY)).bytes },
    { kind: 'jpeg', plain: (await jpeg()).bytes, bytes: (await jpeg(PARITY)).bytes },
    { kind: 'stored', plain: stored, bytes: withParity(stored, PARITY) },
  ];
});
after(() => pool.close());

function changed(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return bytes.map((byte, i) => (i >= from && i < to ? byte ^ 0x55 : byte));
}

function rejects(code: ErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PixrnnError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

test('parity follows the file, and its bytes are counted', async () => {
  for (const { kind, plain, bytes } of files) {
    assert.deepEqual(bytes.subarray(0, plain.length), plain, kind);
    const { parity, ...file } = parseFile(bytes);
    assert.deepEqual(file, parseFile(plain), kind);
    assert.deepEqual([parity?.isSound, parity?.bytes], [true, bytes.length - plain.length], kind);
    const info = await inspectFile(bytes);
    assert.deepEqual([info.parity, info.parityBytes], [parity, bytes.length - plain.length], kind);
    const { codedBytes, metadataBytes, recipeBytes, previewBytes, parityBytes, overheadBytes } = info;
    const parts = [codedBytes, metadataBytes, recipeBytes, previewBytes, parityBytes, overheadBytes];
    assert.equal(parts.reduce((sum, part) => sum + part), bytes.length, kind); // prettier-ignore
    assert.equal((await inspectFile(plain)).parity, null, kind);
    assert.deepEqual(repair(bytes), { bytes, file: parseFile(bytes), wasDamaged: false }, kind);
    requireUndamaged(parity, false);
  }
});

test('damage at the start, within and at the end is repaired, and decoded as if it were not there', async () => {
  for (const { kind, plain, bytes } of files) {
    const { blockBytes } = readProtected(bytes)!.geometry;
    for (const start of [0, Math.floor(plain.length / 2), plain.length - blockBytes, bytes.length - blockBytes]) {
      const bad = changed(bytes, start, start + blockBytes);
      const { wasDamaged, file, ...repaired } = repair(bad);
      assert.ok(wasDamaged);
      assert.deepEqual(repaired.bytes, bytes, `${kind}, byte ${start}`);
      const parity = parseFile(bad).parity!;
      assert.equal(parity.isSound, false);
      if (start < plain.length) {
        assert.ok(parity.damagedBlocks >= 1);
        const [first, last] = [parity.damagedRanges[0]!, parity.damagedRanges.at(-1)!];
        assert.ok(first.start <= start && last.end >= Math.min(plain.length, start + blockBytes));
      } else assert.deepEqual([parity.damagedBlocks, parity.damagedParityBlocks >= 1], [0, true]);
      assert.throws(
        () => requireUndamaged(parity, false),
        rejects('file-corrupt', /Its parity restores it; .* `pixrnn repair`\.$/),
      );
      const options = { pool };
      if (kind === 'pixels') {
        const { raster, container } = await decompressToRaster(bad, options);
        assert.deepEqual(raster.samples, IMAGE.samples);
        assert.deepEqual(container.parity, parity);
      } else {
        assert.deepEqual(await restoreFile(parseFile(bad), options), await restoreFile(parseFile(plain), options));
      }
      assert.equal(file.parity?.damagedBlocks, parity.damagedBlocks);
    }
  }
});

test('too much damage is rejected with what is lost, and salvage gets what parity restores', async () => {
  const { bytes } = files[0]!;
  const { blockBytes, parityBlocks, stripes, fileBytes } = readProtected(bytes)!.geometry;
  assert.equal(stripes, 1);
  const start = fileBytes - (parityBlocks + 1) * blockBytes;
  const bad = changed(bytes, start, fileBytes - 60);
  const why = /tile 2 of 2 .*Its parity is not enough: \d+ of \d+ damaged blocks cannot be restored\.$/;
  assert.throws(() => repair(bad), rejects('file-corrupt', why));
  assert.throws(() => parseFile(bad), rejects('file-corrupt', /Its parity is not enough: /));
  const start0 = changed(bytes, 0, (parityBlocks + 1) * blockBytes);
  for (const read of [repair, parseFile]) {
    assert.throws(() => read(start0), rejects('file-corrupt', /its start is lost\. Get the file again\. Its parity/));
  }
  await assert.rejects(salvage(start0, { pool }), rejects('file-corrupt', /its start is lost/));

  const salvaged = await salvage(changed(bytes, 0, blockBytes), { pool });
  assert.ok('raster' in salvaged && salvaged.isWhole);
  assert.deepEqual(salvaged.raster.samples, IMAGE.samples);
});

test('damage of a preview that parity does not restore is reported, and the image is decoded', async () => {
  const { bytes } = await compressRaster(blobs({ width: 300, height: 200 }), {
    effort: 1,
    pool,
    preview: true,
    parity: 1,
  });
  const { blockBytes, fileBytes, packetBytes, stripes } = readProtected(bytes)!.geometry;
  const { picture } = parseFile(bytes).preview!;
  const start = Buffer.from(bytes).indexOf(picture);
  assert.ok(picture.length > blockBytes && stripes === 1);
  // Two blocks, of which one packet is left.
  const onePacket = changed(bytes, fileBytes + packetBytes, bytes.length);
  const bad = changed(onePacket, start, start + blockBytes + 1);
  const { parity } = parseFile(bad);
  assert.deepEqual([parity?.isRestored, parity?.isSound], [false, false]);
  const message =
    /damaged in a part that the image does not depend on, and its parity is not enough\. Decompress it, and/;
  assert.throws(() => repair(bad), rejects('file-corrupt', message));
  assert.throws(() => requireUndamaged(parity, false), rejects('file-corrupt', message));
  await decompressToRaster(bad, { pool });
});

test('files without parity are verified, and destroyed parity is removed', () => {
  for (const { kind, plain, bytes } of files) {
    assert.deepEqual(repair(plain), { bytes: plain, file: parseFile(plain), wasDamaged: false }, kind);
    assert.throws(() => repair(changed(plain, 20, 21)), rejects('file-corrupt', /./));
    const destroyed = changed(bytes, plain.length, bytes.length);
    if (kind === 'stored') {
      assert.throws(() => repair(destroyed), rejects('file-corrupt', /./)); // nothing says where its source ends
      continue;
    }
    assert.throws(() => parseFile(destroyed), rejects('trailing-bytes', /Remove trailing bytes/));
    assert.deepEqual(repair(destroyed), { bytes: plain, file: parseFile(plain), wasDamaged: true }, kind);
  }
});

test('a file that ends like a parity trailer gets a real one', () => {
  const { bytes } = files[2]!;
  const made = withParity(bytes, undefined);
  assert.deepEqual(readProtected(made)?.file, bytes);
  assert.equal(withParity(files[2]!.plain, undefined), files[2]!.plain);
});

test('parity restores what was written, not what is valid', () => {
  const { plain } = files[0]!;
  const invalid = withParity(changed(plain, 100, 101), 5);
  for (const bytes of [invalid, changed(invalid, 0, 10)]) {
    assert.throws(() => repair(bytes), rejects('file-corrupt', /tile 1 of 2/));
  }
  assert.throws(() => parseFile(withParity(concatBytes([plain, plain]), 5)), rejects('trailing-bytes', /./));
});

test('compress rejects invalid percentages before it codes', async () => {
  for (const parity of [0, 51, 1.5]) {
    await assert.rejects(compressRaster(IMAGE, { pool, parity }), rejects('usage', /from 1 to 50/));
    const jpeg = compressJpeg(jpegSource('a.jpg', await cameraFile(), {}), { pool, parity });
    await assert.rejects(jpeg, rejects('usage', /from 1 to 50/));
  }
});
