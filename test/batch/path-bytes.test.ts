import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fsPath, pathOf } from '#pixrnn/batch/path-bytes.js';
import { escapeControls } from '#pixrnn/cli/messages.js';

test('any bytes are a path and become the same bytes again', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (array) => {
      const bytes = Buffer.from(array);
      assert.deepEqual(Buffer.from(fsPath(pathOf(bytes)) as string), bytes);
    }),
  );
});

test('a name in UTF-8 stays a string', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      assert.equal(pathOf(Buffer.from(name)), name);
      assert.equal(fsPath(name), name);
    }),
  );
});

test('letters around bytes that are not UTF-8 stay readable', () => {
  const bytes = Buffer.concat([
    Buffer.from('Grö'),
    Buffer.of(0xdf, 0xe9),
    Buffer.from('写.png'),
    Buffer.of(0xf0, 0x9f),
  ]);
  assert.equal(escapeControls(pathOf(bytes)), 'Grö\\xdf\\xe9写.png\\xf0\\x9f');
  const whole = Buffer.concat([Buffer.from('dir'), Buffer.of(0xff), Buffer.from('/a.png')]);
  assert.equal(
    pathOf(whole)
      .replace(/\.png$/, '.prnn')
      .endsWith('/a.prnn'),
    true,
  );
});
