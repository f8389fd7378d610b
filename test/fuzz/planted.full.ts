import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { corpusFolders } from '../../scripts/fuzz/corpus.js';
import { writeFinding } from '../../scripts/fuzz/finding.js';
import { LIMITS } from '../../scripts/fuzz/fuzz.js';
import { runJazzer } from '../../scripts/fuzz/jazzer.js';
import { readStatistics } from '../../scripts/fuzz/statistics.js';
import { execute } from './planted-target.js';

const TARGET = fileURLToPath(new URL('./planted-target.js', import.meta.url));
/** Of a minimisation. */
const MAX_TRIES = 15;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixrnn-fuzz-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('finds a planted bug, writes its input and minimises it', { timeout: 300_000 }, async () => {
  const folders = corpusFolders(folder, 'planted');
  for (const path of [folders.inputs, folders.findings]) mkdirSync(path, { recursive: true });
  writeFileSync(join(folders.inputs, 'seed'), 'P2\n# a comment that is not needed\n2 2 255\n1 2 3 4 5 6 7 8 9\n');
  const limits = { ...LIMITS, executions: 200_000, seconds: 200 };
  const { report, input } = await runJazzer(TARGET, folders, limits, 1, () => {});
  assert.match(report ?? '', /TypeError: planted: three rows/);
  assert.ok(readStatistics(folders.statistics).executions > 0);

  await assert.rejects(execute(Uint8Array.from(readFileSync(input!))), { message: /planted/ });

  // What was found may be small already.
  const large = join(folder, 'large');
  writeFileSync(large, 'P2\n# a comment that is not needed\n2 3 255\n1 2 3 4 5 6\n');
  const finding = await writeFinding(TARGET, large, report!, LIMITS.hangSeconds, MAX_TRIES);
  assert.match(finding.error, /^TypeError: planted/);
  const smallest = Uint8Array.from(readFileSync(finding.minimised));
  assert.ok(smallest.length < readFileSync(large).length);
  await assert.rejects(execute(smallest), { message: /planted/ });
});
