import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeCaseFiles } from '../../fixtures/case-files.js';
import { PYTHON, needsPython } from '../needs.js';
import { filteredBytes } from '../packing/samples.js';

// The reference decoder, written from the documents alone, decodes what the engine encodes. It is slow, so that this
// test takes cases that cover all of it; docs/REFERENCE.md has a command for all of them.

let folder: string;
before(() => (folder = mkdtempSync(join(tmpdir(), 'pixrnn-reference-'))));
after(() => rmSync(folder, { recursive: true }));

/** Every model in a row of pixels, drawn models and the one whose blocks all learn at effort 3, and files and sources of every kind. */
function covers(name: string): boolean {
  if (/^source: JPEG/.test(name))
    return /effort 3/.test(name) || (/truncated|CMYK/.test(name) && /effort 1/.test(name));
  if (/^source:/.test(name)) return true;
  if (/^file: (chroma|RGB from (PhotoCD|JPEG, 4:2:0,)|gray decoded)/.test(name)) return /effort 1/.test(name);
  if (/^file:/.test(name))
    return (
      /effort [14]|stored|parity|multi-scale gray/.test(name) &&
      !/two tiles|RGB 16|RGBA 16|RGB from|RGB decoded/.test(name)
    );
  return /blobs 17x1, effort/.test(name) || /^(tiny .*|photo-rgb-large): blobs 37x23, effort 3/.test(name);
}

const options = { skip: needsPython('numpy', 'brotli'), timeout: 3_600_000 };

test('the reference decoder decodes golden files', options, async () => {
  const cases = await writeCaseFiles(folder, covers);
  assert.ok(cases.length > 100);
  const results = reference('--check', '--models', folder, join(folder, 'cases.json'));
  assert.equal(results.length, cases.length);
});

test('the reference decoder rebuilds zlib streams of many encoders', options, () => {
  const data = join(folder, 'data');
  writeFileSync(data, filteredBytes(4000, 9));
  assert.ok(reference('--streams', data, 'fixtures/packing.json').length > 5);
});

/** Runs the decoder and returns the lines that it prints, each the result of a case; all must be good. */
function reference(...args: string[]): string[] {
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };
  const { stdout, stderr, status } = spawnSync(PYTHON, ['-m', 'reference', ...args], { encoding: 'utf8', env });
  const results = stdout.split('\n').filter((line) => line !== '');
  assert.deepEqual(
    results.filter((line) => !line.endsWith(': ok')),
    [],
  );
  assert.equal(status, 0, stderr);
  return results;
}
