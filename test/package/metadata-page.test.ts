/*
 * The script of docs/METADATA.md, run on files as `compress` writes them.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { compress } from '#pixrnn/index.js';
import { blobs } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { withPreview } from '../../fixtures/preview.js';
import { needsProgram, needsPython, PYTHON } from '../needs.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/METADATA.md'), 'utf8');
/** A TIFF structure, big endian, with one directory of one field: Make, "pixrnn". */
const EXIF = Buffer.from([
  ...[0x4d, 0x4d, 0x00, 0x2a, 0, 0, 0, 8, 0, 1],
  ...[0x01, 0x0f, 0, 2, 0, 0, 0, 7, 0, 0, 0, 26, 0, 0, 0, 0],
  ...Buffer.from('pixrnn\0'),
]);

describe('the script that reads metadata', { skip: needsPython('brotli') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-metadata-'));
  const script = join(folder, 'exif.py');
  const [, code] = /```python\n([^]*?)```/.exec(PAGE) ?? [];
  assert.ok(code !== undefined, 'docs/METADATA.md has a script');
  writeFileSync(script, code);
  after(() => rmSync(folder, { recursive: true }));

  /** Returns the bytes that the script writes for a file. */
  const exifOf = (bytes: Uint8Array): Buffer => {
    const path = join(folder, 'a.prnn');
    writeFileSync(path, bytes);
    const { stdout, stderr, status } = spawnSync(PYTHON, [script, path]);
    assert.equal(status, 0, stderr.toString());
    return stdout;
  };

  for (const channels of [1, 3] as const) {
    it(`writes the EXIF of an image of ${channels} channels, with or without a preview`, async () => {
      const raster = blobs({ width: 20, height: 12, channels });
      const png = pngOf(raster, { before: [{ type: 'eXIf', data: EXIF }] });
      for (const exactness of ['exact', 'pixels'] as const) {
        const { bytes } = await compress(png, { effort: 1, exactness });
        assert.deepEqual(exifOf(bytes), EXIF);
        assert.deepEqual(exifOf(withPreview(bytes)), EXIF);
      }
    });
  }

  it('writes nothing for an image without EXIF', async () => {
    const { bytes } = await compress(pngOf(blobs({ width: 20, height: 12 })), { effort: 1 });
    assert.equal(exifOf(bytes).length, 0);
  });

  it('writes what ExifTool reads', { skip: needsProgram('exiftool', '-ver') }, async () => {
    const png = pngOf(blobs({ width: 20, height: 12 }), { before: [{ type: 'eXIf', data: EXIF }] });
    const { bytes } = await compress(png, { effort: 1 });
    const { stdout } = spawnSync('exiftool', ['-s3', '-Make', '-'], { input: exifOf(bytes), encoding: 'utf8' });
    assert.equal(stdout, 'pixrnn\n');
  });
});
