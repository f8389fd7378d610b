import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorLine, formatBitsPerDim, formatBytes, formatPercent } from '#pixrnn/cli/messages.js';
import { IMAGE_EXTENSIONS, outputName, PRNN_EXTENSION } from '#pixrnn/batch/output-names.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { shellWord } from '#pixrnn/node/path-text.js';
import { formatTable } from '#pixrnn/report/table.js';

test('formats figures', () => {
  assert.equal(formatBytes(412_345), '412,345 bytes');
  assert.equal(formatBytes(1), '1 byte');
  assert.equal(formatBitsPerDim(2.714), '2.71 bits/dim');
  assert.equal(formatPercent(61, 100), '61 %');
  assert.equal(formatPercent(1, 1000), '0.1 %');
});

test('prints an error as one line', () => {
  assert.equal(
    errorLine(new PixrnnError('limit', 'too\nlarge. Cut it.'), 'a\n.png'),
    `pixrnn: ${shellWord('a\n.png')}: too\\nlarge. Cut it.\n`,
  );
  assert.match(
    errorLine(new TypeError('x is null')),
    /^pixrnn: internal error \(TypeError: x is null\)\. Please report/,
  );
});

test('derives output names', () => {
  const compressed = (name: string): string => outputName(name, IMAGE_EXTENSIONS, '.prnn');
  assert.equal(compressed('a/b.png'), 'a/b.prnn');
  assert.equal(compressed('B.TIFF'), 'B.prnn');
  for (const ending of ['tif', 'webp', 'bmp', 'ppm', 'pgm', 'pbm', 'pnm', 'pam', 'gif', 'jpg', 'jpeg', 'avif']) {
    assert.equal(compressed(`b.${ending}`), 'b.prnn');
  }
  assert.equal(compressed('b.png.bak'), 'b.png.bak.prnn');
  assert.equal(compressed('png'), 'png.prnn');
  assert.equal(compressed('-'), '-');
  assert.equal(outputName('b.PRNN', PRNN_EXTENSION, '.png'), 'b.png');
  assert.equal(outputName('b', PRNN_EXTENSION, '.png'), 'b.png');
});

test('aligns columns', () => {
  const rows = [
    ['a', '1', 'x'],
    ['bcd', '22', 'long'],
  ];
  assert.equal(formatTable(rows, ['left', 'right', 'left']), 'a     1  x\nbcd  22  long\n');
});
