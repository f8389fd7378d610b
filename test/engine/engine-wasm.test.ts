import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineFaults } from '../../scripts/engine-wasm.js';

test('the engine imports nothing, has no relaxed instruction and no shared memory', () => {
  assert.deepEqual(engineFaults(), []);
});
