import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Codec, compressRaster, type DecompressedFile, inspect, PixrnnError, readImage } from '#pixrnn/index.js';
import { noise } from '../../fixtures/draw.js';
import { chunk } from '../../fixtures/png.js';
import { pakoPng } from '../recipe/pako-png.js';
import { plainRaster, RASTER } from './images.js';

// Files whose bytes come back through the library.

const SOURCE = pakoPng(RASTER, { before: [chunk('tEXt', 'Title\0a drawing')], parts: 3, level: 9 });
const PGM = Buffer.concat([Buffer.from('P5 7 5 255\n'), noise({ width: 7, height: 5, channels: 1 }).samples]);

const codec = new Codec({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'pixrnn-exact-'));
after(async () => {
  await codec.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Returns a file as `decompress` suggests to write it. */
function written({ bytes, name, format, isSource, remarks }: DecompressedFile) {
  return { bytes: Buffer.from(bytes), name, format, isSource, remarks };
}

describe('compress and decompress', () => {
  it('return the source, its extension and its hash', async () => {
    const made = await codec.compress(SOURCE, { effort: 1 });
    const sourceDigest = createHash('sha256').update(SOURCE).digest('hex');
    const expected = { restores: 'file', extension: '.png', sourceDigest };
    const { restores, extension, exactBytes, warnings } = made;
    assert.deepEqual({ restores, extension, sourceDigest: made.sourceDigest }, expected);
    assert.deepEqual([exactBytes, warnings], [null, []]);
    const info = await inspect(made.bytes);
    assert.deepEqual({ restores: info.restores, extension: info.extension, sourceDigest: info.sourceDigest }, expected);
    const file = written(await codec.decompress(made.bytes));
    const bytes = Buffer.from(SOURCE);
    assert.deepEqual(file, { bytes, name: 'image.png', format: 'png', isSource: true, remarks: [] });
  });

  it('name the source after the .prnn file', async () => {
    const { bytes } = await codec.compress(SOURCE, { effort: 1, name: 'dir/PHOTO.PNG' });
    const path = join(folder, 'holiday.prnn');
    writeFileSync(path, bytes);
    assert.equal((await codec.decompress(path)).name, 'holiday.PNG');
    assert.equal((await codec.decompress(bytes)).name, 'image.PNG');
  });

  it('take the extension of a path, unless there is a name', async () => {
    const path = join(folder, 'photo.apng');
    writeFileSync(path, SOURCE);
    const extensionOf = async (name?: string) => (await codec.compress(path, { effort: 1, name })).extension;
    assert.deepEqual(
      [await extensionOf(), await extensionOf('a.PNG'), await extensionOf('a')],
      ['.apng', '.PNG', '.png'],
    );
  });

  it('convert to any other format', async () => {
    const { bytes } = await codec.compress(SOURCE, { effort: 1 });
    const { raster, metadata } = await readImage(SOURCE);
    for (const format of ['tiff', 'webp', 'pnm'] as const) {
      const file = await codec.decompress(bytes, { format });
      assert.deepEqual([file.format, file.isSource], [format, false]);
      assert.deepEqual((await readImage(file.bytes)).raster, plainRaster(raster), format);
    }
    assert.ok((await codec.decompress(bytes, { format: 'png' })).isSource);
    const samples = await codec.decompress(bytes, { format: 'raster' });
    assert.deepEqual([samples.raster, samples.metadata], [plainRaster(raster), metadata]);
    const rows = await codec.decompress(bytes, { rows: [3, 5] });
    assert.deepEqual([rows.isSource, rows.format, rows.height], [false, 'png', 2]);
  });

  it('return stored sources', async () => {
    const { bytes, representations } = await codec.compress(PGM, { effort: 1, exactness: 'exact' });
    assert.equal(representations.stored, 1);
    const file = await codec.decompress(bytes);
    assert.deepEqual(written(file), { bytes: PGM, name: 'image.pgm', format: 'pnm', isSource: true, remarks: [] });
    const rows = await codec.decompress(bytes, { rows: [1, 3], format: 'raster' });
    assert.deepEqual([...rows.raster.samples], [...PGM.subarray(-35 + 7, -35 + 21)]);
  });

  it('restore only samples and metadata if asked', async () => {
    const { restores, sourceDigest, recipeBytes, bytes } = await codec.compress(SOURCE, {
      effort: 1,
      exactness: 'pixels',
    });
    assert.deepEqual([restores, sourceDigest, recipeBytes], ['pixels', null, 0]);
    assert.ok(!(await codec.decompress(bytes)).isSource);
  });

  it('reject exact bytes where there are none', async () => {
    const rejected = (error: unknown) => error instanceof PixrnnError && error.code === 'input-unsupported';
    await assert.rejects(codec.compress(RASTER, { effort: 1, exactness: 'exact' }), rejected);
    await assert.rejects(codec.compress(SOURCE, { effort: 1, exactness: 'exact', stripMetadata: true }), rejected);
    await assert.rejects(compressRaster(RASTER, { effort: 1, exactness: 'exact' }), rejected);
  });

  it('detect a file that does not restore its source', async () => {
    const { bytes } = await codec.compress(SOURCE, { effort: 1 });
    const changed = Uint8Array.from(bytes, (value, i) => (i === bytes.length - 1 ? value ^ 1 : value));
    await assert.rejects(codec.decompress(changed), { name: 'PixrnnError', code: 'hash-mismatch' });
    assert.deepEqual((await codec.decompress(changed, { format: 'raster' })).raster, plainRaster(RASTER));
  });
});
