import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fsPath, pathOf } from '#pixrnn/batch/path-bytes.js';
import { escapeControls } from '#pixrnn/node/path-text.js';

test('decodes any bytes to a path and encodes it to the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (array) => {
      const bytes = Buffer.from(array);
      assert.deepEqual(Buffer.from(fsPath(pathOf(bytes)) as string), bytes);
    }),
  );
});

test('keeps a UTF-8 name as a string', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      assert.equal(pathOf(Buffer.from(name)), name);
      assert.equal(fsPath(name), name);
    }),
  );
});

test('keeps ASCII characters readable around bytes that are not UTF-8', () => {
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
