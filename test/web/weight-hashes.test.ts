import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TABLE, weightHashes } from '../../scripts/weight-hashes.js';

test('the hashes with which pages check the weights are up to date (npm run weight-hashes)', async () => {
  const root = join(import.meta.dirname, '../../..');
  assert.equal(readFileSync(join(root, TABLE), 'utf8'), await weightHashes(root));
});
