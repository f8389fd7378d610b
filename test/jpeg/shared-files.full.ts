import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { needsData, SHARED_DATA } from '../needs.js';
import { assertRebuilds } from './rebuild.js';

const FILES = 59;

test('all camera files are rebuilt byte for byte', { skip: needsData('jpeg') }, (t) => {
  const folder = join(SHARED_DATA, 'jpeg');
  const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
  assert.equal(names.length, FILES);
  let [bytes, structure, literals, nested] = [0, 0, 0, 0];
  for (const name of names) {
    const file = readFileSync(join(folder, name));
    const parsed = assertRebuilds(file, name);
    bytes += file.length;
    structure += parsed.structure.length;
    literals += parsed.literals.length;
    nested += parsed.nested.length;
  }
  t.diagnostic(JSON.stringify({ bytes, structure, literals, nested }));
  assert.ok(structure < 100 * FILES * 2, `${structure} bytes of structure`);
  assert.equal(nested, 48);
});
