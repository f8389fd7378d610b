import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { ignoresCase } from '#pixrnn/batch/ignores-case.js';
import { Folder } from '../cli/pixrnn.js';

test('finds out whether a directory ignores case, without writing', (context) => {
  const folder = new Folder(context);
  mkdirSync(folder.at('digits'));
  folder.put('digits/1', Buffer.from('no letter'));
  mkdirSync(folder.at('letters'));
  folder.put('letters/a', Buffer.from(''));
  const expected = existsSync(folder.at('letters/A'));
  for (const name of ['letters', 'digits', 'missing/deep', '.']) {
    assert.equal(ignoresCase(folder.at(name)), expected, name);
  }
  assert.deepEqual(folder.list(), ['digits', 'letters']);
});
