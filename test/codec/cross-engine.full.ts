import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGolden } from '../../fixtures/golden.js';
import { ENGINES, goldenIn, installedEngine, versionOf } from '../../scripts/engines.js';

// The engine's wasm is deterministic: a fresh process produces the golden bytes with every WebAssembly compiler.

for (const engine of ENGINES) {
  test(`the golden cases give the same bytes in ${engine.name}`, async (context) => {
    const binary = installedEngine(engine);
    if (binary === null) return context.skip(`npm cannot install ${engine.source?.spec}`);
    context.diagnostic(versionOf(binary));
    assert.deepEqual(await goldenIn(binary), readGolden());
  });
}
