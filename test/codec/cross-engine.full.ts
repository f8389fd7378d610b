import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGolden } from '../../fixtures/golden.js';
import { ENGINES, commandOf, goldenIn, versionOf } from '../../scripts/engines.js';

// The engine's wasm is deterministic: a fresh process produces the golden bytes with every WebAssembly compiler.

for (const engine of ENGINES) {
  test(`the golden cases give the same bytes in ${engine.name}`, async (context) => {
    const command = commandOf(engine);
    if (typeof command === 'string') return context.skip(command);
    context.diagnostic(versionOf(command));
    assert.deepEqual(await goldenIn(command), readGolden());
  });
}
