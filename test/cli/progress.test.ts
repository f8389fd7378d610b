import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseMeter } from '#pixrnn/cli/progress.js';

test('computes the speed from the image and the current phase', () => {
  let seconds = 100;
  const meter = phaseMeter(['coding', 'verifying'], () => seconds * 1000);
  assert.deepEqual(meter(0, 4e6), { phase: 'coding', speed: 0 });
  seconds = 102;
  assert.deepEqual(meter(1e6, 4e6), { phase: 'coding', speed: 0.5 });
  seconds = 104;
  assert.deepEqual(meter(2e6, 4e6), { phase: 'coding', speed: 0.5 });
  seconds = 105;
  assert.deepEqual(meter(3e6, 4e6), { phase: 'verifying', speed: 1 });
  seconds = 108;
  assert.deepEqual(meter(4e6, 4e6), { phase: 'verifying', speed: 0.5 });
});
