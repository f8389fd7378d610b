import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { corpusFolders } from '../../scripts/fuzz/corpus.js';
import { fuzzTarget, LIMITS } from '../../scripts/fuzz/fuzz.js';
import { readStatistics } from '../../scripts/fuzz/statistics.js';
import { type TargetName, TARGETS } from '../../scripts/fuzz/target.js';

/** Executions at which a run ends. One target has several runs, each of which goes on with the corpus of the last. */
const RUNS: Partial<Record<TargetName, number[]>> = { bmp: [600, 900, 900] };

for (const target of TARGETS) {
  const runs = RUNS[target] ?? [600];
  test(`fuzzes ${target}${runs.length > 1 ? ', and goes on with its corpus' : ''}`, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'pixrnn-fuzz-'));
    try {
      const limits = { ...LIMITS, seconds: Infinity };
      const lines: string[] = [];
      const run = (executions: number) =>
        fuzzTarget(target, folder, { ...limits, executions }, 1, (line) => lines.push(line));
      for (const executions of runs) assert.equal(await run(executions), null, lines.join('\n'));
      context.diagnostic(lines.at(-1)!);
      const { executions, reached, accepted } = readStatistics(corpusFolders(folder, target).statistics);
      // A run begins with its corpus, which may be larger than what is left to do.
      const asked = runs.at(-1)!;
      assert.ok(executions >= asked && executions < asked + 500, `${executions} of ${asked} executions`);
      // Half of them in long runs; the first thousands have less.
      assert.ok(accepted > 0 && reached >= 0.4 * executions, lines.at(-1));
      assert.match(lines.join('\n'), new RegExp(`${target}: #\\d+\\s+DONE\\s+cov: \\d{3}`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
