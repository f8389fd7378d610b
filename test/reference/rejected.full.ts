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

const options = { skip: needsPython('numpy', 'brotli'), timeout: 600_000 };

/** Runs the decoder with a list of cases or a manifest. Returns the lines that it prints, and its exit status. */
function check(list: unknown): { lines: string[]; status: number | null } {
  writeFileSync(join(folder, 'list.json'), JSON.stringify(list));
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };
  const args = ['-m', 'reference', '--check', join(folder, 'list.json')];
  const { stdout, stderr, status } = spawnSync(PYTHON, args, { encoding: 'utf8', env });
  assert.notEqual(stdout, '', stderr);
  return { lines: stdout.trimEnd().split('\n'), status };
}

test('the reference decoder rejects the files that break a rule', options, () => {
  const files = rejectedFiles();
  const cases = files.map(({ name, bytes }) => {
    writeFileSync(join(folder, name), bytes);
    return { name, file: name, decoded: '' };
  });
  writeFileSync(join(folder, 'accepted'), ACCEPTED_BASE);
  cases.push({ name: 'accepted', file: 'accepted', decoded: sha256(Uint8Array.of(17, 4)) });
  const { lines } = check(cases);
  assert.equal(lines.length, cases.length);
  assert.match(lines.pop() ?? '', / accepted: ok$/);
  for (const [i, { name, rule }] of files.entries()) {
    const expected = name === 'model-that-does-not-exist' ? 'UnknownModel' : 'FormatError';
    assert.ok(lines[i]?.includes(` ${name}: ${expected}: `), `rule ${rule}: ${lines[i]}`);
  }
});

test('the reference decoder checks a manifest of conformance vectors', options, () => {
  const rejected = rejectedFiles().map(({ name, rule, bytes }) => {
    writeFileSync(join(folder, name), bytes);
    return { file: name, rule };
  });
  writeFileSync(join(folder, 'accepted'), ACCEPTED_BASE);
  const accepted = { file: 'accepted', samples: sha256(Uint8Array.of(17, 4)), source: null };
  const good = check({ accepted: [accepted], rejected });
  assert.deepEqual([good.lines.filter((line) => !line.endsWith(': ok')), good.status], [[], 0]);
  assert.equal(good.lines.length, 1 + rejected.length);

  const wrong = { ...accepted, samples: sha256(Uint8Array.of(17, 5)) };
  const { lines, status } = check({
    accepted: [wrong, { ...accepted, file: 'digest' }],
    rejected: [{ file: 'accepted' }],
  });
  assert.match(lines.join(), / accepted: WRONG,.* digest: FormatError: .* accepted: WRONG$/);
  assert.equal(status, 3);
});
