import { test } from 'node:test';
import { readCovering } from '../../fixtures/covering-cases.js';
import { ENGINES, commandOf, versionOf } from '../../scripts/engines.js';
import { assertGoldenIn } from './assert-golden.js';

// The engine's wasm is deterministic: a fresh process produces the golden bytes with every WebAssembly compiler. This
// Node.js codes them in golden.test.ts and golden.full.ts.

/** Versions of V8 between the oldest and the newest: a choice of the cases will do. */
const BETWEEN = ['Node 22 (V8)', 'Node 24 (V8)'];

for (const engine of ENGINES.filter(({ source }) => source !== null)) {
  test(`the golden cases give the same bytes in ${engine.name}`, async (context) => {
    const command = commandOf(engine);
    if (typeof command === 'string') return context.skip(command);
    context.diagnostic(versionOf(command));
    await assertGoldenIn(command, BETWEEN.includes(engine.name) ? Object.keys(readCovering().cases) : null);
  });
}
