import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { compressBrotli, decompressBrotli } from '#pixrnn/brotli.js';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { encodeJpegFile, type JpegFile, parseFile } from '#pixrnn/codec/container.js';
import { inspectFile } from '#pixrnn/codec/inspect.js';
import type { JpegSource } from '#pixrnn/codec/jpeg-source.js';
import { openContainer } from '#pixrnn/codec/open-container.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { JPEG_EFFORTS } from '#pixrnn/effort.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { arithmeticFile, cameraFile, jpegFiles } from './jpeg-files.js';

const FILES = await jpegFiles();
const CAMERA = await cameraFile();
const SOURCE: JpegSource = { bytes: CAMERA, extension: '.jpg' };

const pool = await EnginePool.create({ threads: 1 });
after(() => pool.close());

const restored = (bytes: Uint8Array) => restoreFile(parseFile(bytes), { pool });

/** Returns a parsed file of kind JPEG. */
function jpegFile(bytes: Uint8Array): JpegFile {
  const file = parseFile(bytes);
  assert.ok('record' in file);
  return file;
}

describe('compressJpeg', () => {
  for (const { name, bytes } of FILES) {
    it(`restores ${name} byte for byte`, async () => {
      const compressed = await compressJpeg({ bytes, extension: '.jpeg' }, { pool, effort: 1 });
      assert.equal(compressed.storedBecause, null);
      assert.ok(compressed.bytes.length < bytes.length);
      assert.deepEqual([compressed.width, compressed.height, compressed.extension], [40, 24, '.jpeg']);
      assert.equal(Buffer.compare((await restored(compressed.bytes))!, bytes), 0);
    });
  }

  it('writes the same bytes with one and two threads, at every effort', async () => {
    const two = await EnginePool.create({ threads: 2 });
    try {
      for (const effort of JPEG_EFFORTS) {
        const [one, other] = await Promise.all([pool, two].map((used) => compressJpeg(SOURCE, { pool: used, effort })));
        assert.deepEqual(one, other);
        assert.equal(jpegFile(one!.bytes).effort, effort);
        const back = await restoreFile(parseFile(one!.bytes), { pool: two });
        assert.equal(Buffer.compare(back!, CAMERA), 0);
      }
    } finally {
      await two.close();
    }
  });

  it('stores arithmetic-coded files', async () => {
    const bytes = arithmeticFile(CAMERA);
    const compressed = await compressJpeg({ bytes, extension: '.JPG' }, { pool });
    assert.match(compressed.storedBecause ?? '', /arithmetic/);
    assert.deepEqual([compressed.width, compressed.height, compressed.shape], [40, 24, null]);
    assert.equal(Buffer.compare((await restored(compressed.bytes))!, bytes), 0);
    const info = await inspectFile(compressed.bytes);
    assert.deepEqual([info.representations.stored, info.jpeg, info.extension], [1, null, '.JPG']);
  });

  it('rejects files without an image, and images above the limit', async () => {
    const empty = { bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), extension: '.jpg' };
    await assert.rejects(compressJpeg(empty, { pool }), { name: 'PixrnnError', code: 'input-unreadable' });
    await assert.rejects(compressJpeg(SOURCE, { pool, maxPixels: 959 }), { code: 'limit' });
    await compressJpeg(SOURCE, { pool, effort: 1, maxPixels: 960, verify: false });
    const stored = { bytes: arithmeticFile(CAMERA), extension: '.jpg' };
    await assert.rejects(compressJpeg(stored, { pool, maxPixels: 959 }), { code: 'limit' });
  });

  it('reports progress up to the total, and stops at a signal', async () => {
    const seen: number[] = [];
    await compressJpeg(SOURCE, { pool, effort: 1, onProgress: (done, total) => seen.push(done / total) });
    assert.equal(seen.at(-1), 1);
    assert.deepEqual(seen, [...seen].sort());
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await assert.rejects(compressJpeg(SOURCE, { pool, signal }), (error) => error === reason);
  });
});

describe('a .prnn file of a JPEG file', async () => {
  const { bytes } = await compressJpeg(SOURCE, { pool, effort: 1 });
  const file = jpegFile(bytes);

  it('is opened as the pixels of its JPEG file', async () => {
    const { image, header } = await openContainer(bytes, { pool });
    const { raster } = await readImage(CAMERA, { allowLossySource: true });
    assert.deepEqual([header.width, header.height], [40, 24]);
    assert.ok('samples' in image);
    assert.deepEqual(image.samples, raster.samples);
  });

  it('describes the JPEG file', async () => {
    const info = await inspectFile(bytes);
    assert.deepEqual([info.colourType, info.extension, info.effort, info.digest], ['JPEG', '.jpg', 1, null]);
    assert.equal(info.codedBytes + info.metadataBytes + info.recipeBytes + info.overheadBytes, bytes.length);
    const { process, sampling, colours, quality, make, model, precision, nested } = info.jpeg!;
    assert.deepEqual([process, sampling, colours, precision, nested], ['baseline', '4:2:0', 'YCbCr', 8, 0]);
    assert.deepEqual(
      [quality, make, model],
      [{ quality: 80, exact: true, tables: 'libjpeg' }, 'Canon', 'Canon EOS 30D'],
    );
  });

  it('is rejected with any byte changed or missing', async () => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << (at % 8);
      // The structure has checksums; only the last 32 bytes, the hash, need decoding.
      const isHash = at >= bytes.length - 32;
      if (isHash && at % 8 !== 0) continue;
      await assert.rejects(async () => restored(changed), { name: 'PixrnnError' }, `byte ${at}`);
      if (!isHash) assert.throws(() => parseFile(changed), { name: 'PixrnnError' }, `byte ${at}`);
      assert.throws(() => parseFile(bytes.subarray(0, at)), { name: 'PixrnnError' }, `cut to ${at} bytes`);
    }
  });

  /** Asserts that a well-formed file with these contents is refused. */
  const assertRefused = async (contents: Partial<JpegFile>): Promise<void> => {
    const encoded = encodeJpegFile({ ...file, ...contents });
    await assert.rejects(async () => restoreFile(parseFile(encoded), { pool, maxPixels: 10_000 }), PixrnnError);
    await inspectFile(encoded).catch((error: unknown) => assert.ok(error instanceof PixrnnError, String(error)));
  };

  it('needs coefficients', () => {
    assert.throws(() => parseFile(encodeJpegFile({ ...file, coefficients: [] })), { code: 'file-corrupt' });
  });

  it('is rejected with other parts whose checksums are right', async () => {
    await assertRefused({ digest: file.digest.map((byte) => byte ^ 1) });
    await assertRefused({ width: 41 });
    await assertRefused({ height: 1 });
    await assertRefused({ coefficients: [...file.coefficients, ...file.coefficients] });
    await assertRefused({ coefficients: [new Uint8Array(0)] });
    await assertRefused({ coefficients: [file.coefficients[0]!.subarray(0, -9)] });
    await assertRefused({ record: new Uint8Array(0) });
    await assertRefused({ record: await compressBrotli(new Uint8Array(0)) });
    await assertRefused({ record: await compressBrotli(new Uint8Array(2 ** 20)) });
  });

  it('is rejected with any other record or coefficients', async () => {
    const record = await decompressBrotli(file.record, 2 ** 20);
    const coefficients = file.coefficients[0]!;
    const change = (length: number) => fc.tuple(fc.nat({ max: length - 1 }), fc.integer({ min: 1, max: 255 }));
    // Most of the record is the ICC profile; its first bytes are the structure.
    const changes = fc.tuple(fc.constant('record'), fc.oneof(change(120), change(record.length)));
    const others = fc.tuple(fc.constant('coefficients'), change(coefficients.length));
    await fc.assert(
      fc.asyncProperty(fc.oneof(changes, others), async ([part, [at, difference]]) => {
        const changed = (part === 'record' ? record : coefficients).slice();
        changed[at]! ^= difference;
        await assertRefused(
          part === 'record' ? { record: await compressBrotli(changed) } : { coefficients: [changed] },
        );
      }),
      { numRuns: 60, seed: 19 },
    );
  });

  it('is rejected with a size above the limit, before its coefficients are decoded', async () => {
    const began = performance.now();
    await assert.rejects(async () => restoreFile(parseFile(bytes, { maxPixels: 959 })), { code: 'limit' });
    await assert.rejects(restoreFile(file, { pool, maxPixels: 400 }), { code: 'limit' });
    assert.ok(performance.now() - began < 5000);
  });
});
