import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const FOLDER = join(import.meta.dirname, '../../../reference');
const MAX_LINES = 5000;

test('the reference decoder stays short enough to be read as a specification', (context) => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.py'));
  const lines = files.flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').split('\n'));
  const count = lines.filter((line) => line.trim() !== '').length;
  context.diagnostic(`${files.length} files, ${count} lines that are not blank`);
  assert.ok(count > 1000 && count <= MAX_LINES, `${count} lines`);
});
