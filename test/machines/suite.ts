/* The tests of `npm test` in another engine or on another system. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { type EngineUnderTest, nodeEngine, versionOf } from '../../scripts/machines/engines.js';
import { runOn } from '../../scripts/machines/machine.js';

const ROOT = join(import.meta.dirname, '../../..');
const TESTS = join(ROOT, 'build/test');

/** Returns the compiled tests of `npm test`, as paths below the checkout. */
function testFiles(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(TESTS, folder))
      .filter((name) => name.endsWith('.test.js'))
      .map((name) => `build/test/${folder}/${name}`),
  );
}

/** Folders of tests that have tests of `npm test`. */
export function allFolders(): string[] {
  const entries = readdirSync(TESTS, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Runs tests in an engine; fails with the report of the tests that failed there. Reports counts and reasons to skip as diagnostics. */
export async function runSuite(
  context: TestContext,
  engine: EngineUnderTest,
  folders: readonly string[],
): Promise<void> {
  const machine = engine.machine();
  if (typeof machine === 'string') return context.skip(machine);
  const files = testFiles(folders);
  const args = [
    '--import',
    './dist/node/install.js',
    '--test',
    '--test-concurrency=1',
    '--test-reporter=tap',
    ...files,
  ];
  // Without it, Node.js would take the run for a part of this one.
  const { stdout } = await runOn(machine, args, { cwd: ROOT, env: { NODE_TEST_CONTEXT: undefined } });
  const count = (name: string): number => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(stdout)?.[1] ?? NaN);
  const [tests, passed, failed, cancelled] = ['tests', 'pass', 'fail', 'cancelled'].map(count);
  context.diagnostic(
    `${engine.name} ${await versionOf(machine)}: ${tests} tests, ${passed} passed, ${failed} failed, ${count('skipped')} skipped`,
  );
  for (const [reason, times] of skipReasons(stdout)) context.diagnostic(`  skipped ${times}: ${reason}`);
  assert.deepEqual({ failed, cancelled }, { failed: 0, cancelled: 0 }, failures(stdout));
  assert.ok(passed! >= files.length, `${passed} of ${tests} tests passed in ${files.length} files`);
}

function skipReasons(tap: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, reason = ''] of tap.matchAll(/^ *ok .* # SKIP ?(.*)$/gm))
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}

/** Returns the failed tests of a TAP report with their diagnostics, at most some pages. */
function failures(tap: string): string {
  const found = [...tap.matchAll(/^( *)not ok (?:.*)\n(?:\1 {2}---\n[^]*?\n\1 {2}\.\.\.\n)?/gm)].map(([text]) => text);
  return found.length === 0 ? tap.slice(-4000) : found.join('').slice(0, 20_000);
}

/** Defines the test that `npm test` passes in a major version of Node.js, unless that is the running one. */
export function testsIn(major: string): void {
  const [running] = process.versions.node.split('.');
  const skip = running === major && 'it is the version that runs these tests';
  test(`npm test passes on Node.js ${major}`, { skip }, (context) =>
    runSuite(context, nodeEngine(`Node ${major}`, major), allFolders()),
  );
}
