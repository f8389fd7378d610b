import { test } from 'node:test';
import { readCovering } from '../../fixtures/covering-cases.js';
import { ENGINES, versionOf } from '../../scripts/machines/engines.js';
import { assertGoldenIn } from '../codec/assert-golden.js';

// The engine's wasm is deterministic: a fresh process produces the golden bytes with every WebAssembly compiler. Each
// engine codes the cases that cover the format; so do the browsers that are installed (test/browser), and this
// Node.js (golden.test.ts, golden.full.ts) all of them, as does `npm run cross-engine` in every engine, also those of
// the versions between the oldest and the newest.

const names = Object.keys(readCovering().cases);

for (const name of [
  'oldest Node (V8)',
  'newest Node (V8)',
  'Bun (JavaScriptCore)',
  'Node 22 for Windows (Wine)',
  'Node 24 for musl',
]) {
  test(`golden cases give the same bytes in ${name}`, async (context) => {
    const engine = ENGINES.find((other) => other.name === name)!;
    const machine = engine.machine();
    if (typeof machine === 'string') return context.skip(machine);
    context.diagnostic(await versionOf(machine));
    await assertGoldenIn(machine, names);
  });
}
