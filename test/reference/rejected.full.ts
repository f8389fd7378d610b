import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sha256 } from '../../fixtures/golden.js';
import { ACCEPTED_BASE, rejectedFiles } from '../../fixtures/rejected-files.js';
import { PYTHON, needsPython } from '../needs.js';

// Two decoders agree on what breaks a rule of the container.

let folder: string;
before(() => (folder = mkdtempSync(join(tmpdir(), 'pixrnn-rejected-'))));
after(() => rmSync(folder, { recursive: true }));

test(
  'the reference decoder rejects the files that break a rule',
  { skip: needsPython('numpy', 'brotli'), timeout: 600_000 },
  () => {
    const files = rejectedFiles();
    const cases = files.map(({ name, bytes }) => {
      writeFileSync(join(folder, name), bytes);
      return { name, file: name, decoded: '' };
    });
    writeFileSync(join(folder, 'accepted'), ACCEPTED_BASE);
    cases.push({ name: 'accepted', file: 'accepted', decoded: sha256(Uint8Array.of(17, 4)) });
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
    const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };
    const args = ['-m', 'reference', '--check', join(folder, 'cases.json')];
    const { stdout, stderr } = spawnSync(PYTHON, args, { encoding: 'utf8', env });
    const lines = stdout.split('\n').filter((line) => line !== '');
    assert.equal(lines.length, cases.length, stderr);
    assert.match(lines.pop() ?? '', / accepted: ok$/);
    for (const [i, { name, rule }] of files.entries()) {
      const expected = name === 'model-that-does-not-exist' ? 'UnknownModel' : 'FormatError';
      assert.ok(lines[i]?.includes(` ${name}: ${expected}: `), `rule ${rule}: ${lines[i]}`);
    }
  },
);
