import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { format } from 'prettier';
import { thirdPartyText } from '../../scripts/third-party-text.js';

const ROOT = join(import.meta.dirname, '../../..');

test('THIRD-PARTY.md is what the packages say (npm run third-party)', async () => {
  const text = await format(await thirdPartyText(), { parser: 'markdown', printWidth: 120 });
  assert.equal(readFileSync(join(ROOT, 'THIRD-PARTY.md'), 'utf8'), text);
});

test('the notices cover native code and the compiler', () => {
  const text = readFileSync(join(ROOT, 'THIRD-PARTY.md'), 'utf8');
  for (const name of ['`sharp`', 'libvips', 'LGPL', '`assemblyscript`', '`brotli-wasm`', 'Node.js']) {
    assert.ok(text.includes(name), name);
  }
});
