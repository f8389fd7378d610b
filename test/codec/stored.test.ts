import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { encodeStored, type StoredFile } from '#pixrnn/codec/container.js';
import { decodeRaster } from '#pixrnn/codec/decompress.js';
import { SOURCE_CHECK_BYTES } from '#pixrnn/crc32.js';
import { inspectFile } from '#pixrnn/codec/inspect.js';
import { openContainer } from '#pixrnn/codec/open-container.js';
import { restoreSource } from '#pixrnn/codec/restore-source.js';
import { sourceFile } from '#pixrnn/codec/source-file.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type ErrorCode, PixrnnError } from '#pixrnn/errors.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { generator, noise } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { storedPart } from './samples.js';

// Files that hold their source, because nothing else that restores it is smaller: small images of noise.

/** Bytes that a .prnn file may exceed its source by. */
const ALLOWANCE = 10;

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 1 });
});
after(() => pool.close());

const text = (content: string): Buffer => Buffer.from(content, 'latin1');
const little = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => (value >> (8 * i)) & 255);

/** Returns the samples of noise, one per line. */
function lines(width: number, height: number, depth: 1 | 8, channels: 1 | 3 = 1): string {
  return noise({ width, height, depth, channels }).samples.join('\n');
}

/** Returns an uncompressed BMP file of noise. */
function bmp(width: number, height: number): Buffer {
  const rowBytes = 4 * Math.ceil((3 * width) / 4);
  const random = generator(width * height);
  const head = [...little(54 + rowBytes * height, 4), 0, 0, 0, 0, 54, 0, 0, 0];
  const info = [40, 0, 0, 0, ...little(width, 4), ...little(height, 4), 1, 0, 24, 0, ...new Array<number>(24).fill(0)];
  const rows = Array.from({ length: height }, () =>
    Array.from({ length: rowBytes }, (_, x) => (x < 3 * width ? Math.floor(256 * random()) : 0)),
  );
  return Buffer.concat([text('BM'), Buffer.from([...head, ...info, ...rows.flat()])]);
}

/** Returns a GIF file of noise with four colours. Its codes have 3 bits and are followed by clear codes. */
function gif(signature: string, width: number, height: number): Buffer {
  const random = generator(width * height);
  const codes = Array.from({ length: width * height }, () => [4, Math.floor(4 * random())]).flat();
  const bits = [...codes, 5]
    .map((code) => code.toString(2).padStart(3, '0'))
    .reduceRight((all, code) => all + code, '');
  const data = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    parseInt(bits.slice(Math.max(0, bits.length - 8 * i - 8), bits.length - 8 * i), 2),
  );
  const palette = Array.from({ length: 12 }, (_, i) => (37 * i) & 255);
  const screen = [...little(width, 2), ...little(height, 2), 0x81, 0, 0, ...palette];
  const image = [0x2c, 0, 0, 0, 0, ...little(width, 2), ...little(height, 2), 0, 2, data.length, ...data, 0, 0x3b];
  return Buffer.concat([text(signature), Buffer.from([...screen, ...image])]);
}

/** Writes a file of noise, of every format and kind that is read on every host. */
const WRITERS: Readonly<Record<string, (width: number, height: number) => Uint8Array | Promise<Uint8Array>>> = {
  'a.P1.pbm': (w, h) => text(`P1\n${w} ${h}\n${lines(w, h, 1)}\n`),
  'a.P2.pgm': (w, h) => text(`P2 ${w} ${h} 255\n${lines(w, h, 8)}\n`),
  'a.P3.PPM': (w, h) => text(`P3\n# noise\n${w} ${h}\n255\n${lines(w, h, 8, 3)}`),
  'a.P4.pbm': (width, height) => writeImage(noise({ width, height, channels: 1, depth: 1 }), [], 'pnm'),
  'a.P5.pgm': (width, height) => writeImage(noise({ width, height, channels: 1 }), [], 'pnm'),
  'a.P5.pnm': (width, height) => writeImage(noise({ width, height, channels: 1, depth: 16 }), [], 'pnm'),
  'a.P6.ppm': (width, height) => writeImage(noise({ width, height }), [], 'pnm'),
  'a.P7.pam': (width, height) => writeImage(noise({ width, height, channels: 4 }), [], 'pnm'),
  'a.png': (width, height) => pngOf(noise({ width, height, channels: 1 })),
  'a.PNG': (width, height) => pngOf(noise({ width, height })),
  'a.bmp': bmp,
  'a.DIB': bmp,
  'a89.gif': (width, height) => gif('GIF89a', width, height),
  'a87.gif': (width, height) => gif('GIF87a', width, height),
};

/** Compresses a file so that its bytes come back. */
async function compressExactly(name: string, bytes: Uint8Array) {
  const image = await readImage(bytes);
  const source = sourceFile(name, bytes, image, {});
  assert.ok(source);
  return compressRaster(image.raster, { metadata: image.metadata, source, exactness: 'exact', effort: 1, pool });
}

/** Opens a file and returns the bytes of its source. */
async function restored(bytes: Uint8Array): Promise<Uint8Array | null> {
  const container = await openContainer(bytes);
  return restoreSource(container, await decodeRaster(container, { pool }));
}

for (const [name, write] of Object.entries(WRITERS)) {
  test(`${name} comes back byte for byte from at most ${ALLOWANCE} bytes more`, async () => {
    const sides = fc.integer({ min: 1, max: 3 }); // larger text files have smaller recipes
    const property = fc.asyncProperty(sides, sides, async (width, height) => {
      const source = await write(width, height);
      const { bytes, representations, restores, extension } = await compressExactly(name, source);
      assert.deepEqual(representations, { model: 0, palette: 0, raw: 0, planes: 0, stored: 1 });
      assert.deepEqual([restores, extension], ['file', name.slice(name.lastIndexOf('.'))]);
      assert.ok(bytes.length <= source.length + ALLOWANCE, `${bytes.length} bytes for ${source.length}`);
      assert.deepEqual(await restored(bytes), Uint8Array.from(source));
      const { raster, metadata } = await readImage(source);
      const container = await openContainer(bytes);
      assert.deepEqual(await decodeRaster(container, { pool }), raster);
      assert.deepEqual(container.metadata, metadata);
    });
    await fc.assert(property, { numRuns: 8 });
  });
}

test('a stored PNM file exceeds its source by at most 10 bytes, or 12 where a side has more than 16,383 pixels', () => {
  const sides = fc.integer({ min: 1, max: 99_999 });
  const property = fc.property(sides, sides, fc.constantFrom('P4', 'P5', 'P6'), (width, height, kind) => {
    const source = text(`${kind}\n${width} ${height}\n`);
    const bytes = encodeStored({ width, height, extension: kind === 'P4' ? '.pbm' : '.pnm', source });
    assert.ok(bytes.length <= source.length + 6 + 3 + 3, `${bytes.length} bytes for ${source.length}`);
    if (width < 2 ** 14 && height < 2 ** 14) assert.ok(bytes.length <= source.length + ALLOWANCE);
  });
  fc.assert(property);
});

test('info describes a stored source', async () => {
  const source = await writeImage(noise({ width: 5, height: 4 }), [], 'pnm');
  const info = await inspectFile((await compressExactly('a.ppm', source)).bytes);
  const { width, height, channels, tiles, models, effort, restores, extension, representations } = info;
  assert.deepEqual([width, height, channels, tiles, models, effort], [5, 4, 3, 0, [], null]);
  assert.deepEqual([restores, extension, representations.stored], ['file', '.ppm', 1]);
  assert.equal(info.codedBytes + info.overheadBytes, info.bytes);
  assert.equal(info.codedBytes, source.length);
});

test('detects every change of a stored source, and every truncation', { timeout: 60_000 }, async () => {
  for (const name of ['a.png', 'a.P5.pgm', 'a89.gif', 'a.bmp']) {
    const source = await WRITERS[name]!(4, 3);
    const { bytes } = await compressExactly(name, source);
    for (let i = 0; i < bytes.length; i++) {
      for (const flip of [0x01, 0x10, 0x80, 0xff]) {
        const damaged = bytes.slice();
        damaged[i]! ^= flip;
        assert.notEqual(await outcome(damaged), null, `${name}: byte ${i} ^ ${flip}`);
      }
      assert.notEqual(await outcome(bytes.slice(0, i)), null, `${name}: ${i} bytes`);
    }
    assert.notEqual(await outcome(Uint8Array.of(...bytes, 0)), null);
  }
});

/** Returns the code of the error, or null if the file decodes; any error but a PixrnnError fails the test. */
async function outcome(bytes: Uint8Array): Promise<ErrorCode | null> {
  try {
    await restored(bytes);
    return null;
  } catch (error) {
    if (error instanceof PixrnnError) return error.code;
    throw error;
  }
}

test('a change with a new check gives other bytes or a PixrnnError', { timeout: 60_000 }, async () => {
  const codes = new Set<ErrorCode | null>();
  for (const name of ['a.png', 'a.P5.pgm', 'a89.gif', 'a.bmp']) {
    const { bytes } = await compressExactly(name, await WRITERS[name]!(4, 3));
    for (let i = 3; i < bytes.length - SOURCE_CHECK_BYTES; i++) {
      for (const flip of [0x01, 0x10, 0x80, 0xff]) {
        const damaged = bytes.slice(0, -SOURCE_CHECK_BYTES);
        damaged[i]! ^= flip;
        codes.add(await outcome(Uint8Array.from(storedPart(...damaged))));
      }
    }
  }
  assert.ok(codes.has(null) && codes.has('file-corrupt'));
});

test('rejects a stored source that is no image, that is damaged, or that has another size', async () => {
  const raster = noise({ width: 4, height: 3 });
  const file = { width: 4, height: 3, extension: '.png', source: pngOf(raster) };
  const open = (changes: Partial<StoredFile>) => openContainer(encodeStored({ ...file, ...changes }));
  await assert.doesNotReject(open({}));
  const corrupt = (message: RegExp) => ({ name: 'PixrnnError', code: 'file-corrupt', message });
  await assert.rejects(open({ width: 3 }), corrupt(/its source has another size/));
  await assert.rejects(open({ source: file.source.subarray(0, -20) }), corrupt(/its source cannot be read/));
  for (const source of [new Uint8Array(0), text('hello'), Uint8Array.of(0x8f, 0x70)]) {
    await assert.rejects(open({ source }), PixrnnError);
  }
});

test('limits the pixels of the source, whatever the header claims', async () => {
  const source = pngOf(noise({ width: 40, height: 30 }));
  const file = encodeStored({ width: 4, height: 3, extension: '.png', source });
  await assert.rejects(openContainer(file, { maxPixels: 100 }), { code: 'limit' });
  const honest = encodeStored({ width: 40, height: 30, extension: '.png', source });
  await assert.rejects(openContainer(honest, { maxPixels: 1199 }), { code: 'limit' });
  await assert.doesNotReject(openContainer(honest, { maxPixels: 1200 }));
});

test('a part of a file is never replaced by the whole', async () => {
  const bytes = await writeImage(noise({ width: 2, height: 2 }), [], 'pnm');
  const two = Buffer.concat([bytes, bytes]);
  const image = await readImage(two, { page: 2 });
  assert.equal(sourceFile('a.ppm', two, image, { page: 2 })?.mayStore, false);
  assert.equal(sourceFile('a.ppm', two, image, { page: 1 })?.mayStore, true);
  assert.equal(sourceFile('a.ppm', two, image, { stripMetadata: true }), undefined);
  assert.equal(sourceFile('a.ppm', two, { source: { ...image.source, lossy: true } }, {}), undefined);
});
