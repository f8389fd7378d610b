import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latin1Bytes } from '#pixrnn/bytes.js';
import { decodeSourceName, encodeSourceName, isSourceExtension, sourceExtension } from '#pixrnn/codec/source-name.js';

const PNG = latin1Bytes('\x89PNG\r\n\x1a\n');

/** Every extension, by the numbers of docs/FORMAT.md; and its signature. */
const NAMES: readonly (readonly [extension: string, signature: string])[] = [
  ...(['.png', '.apng'] as const).map((extension) => [extension, '\x89PNG\r\n\x1a\n'] as const),
  ...(['.tif', '.tiff'] as const).flatMap((extension) => [
    [extension, 'II*\0'] as const,
    [extension, 'MM\0*'] as const,
  ]),
  ...[['.bmp', 'BM'] as const, ['.dib', 'BM'] as const, ['.gif', 'GIF89a'] as const, ['.gif', 'GIF87a'] as const],
  ['.webp', 'RIFF'],
  ...[['.pbm', 'P4'] as const, ['.pbm', 'P1'] as const, ['.pgm', 'P5'] as const, ['.pgm', 'P2'] as const],
  ...[['.ppm', 'P6'] as const, ['.ppm', 'P3'] as const, ['.pnm', 'P6'] as const, ['.pnm', 'P5'] as const],
  ['.pam', 'P7'],
  ...(['.jpg', '.jpeg', '.jpe', '.jfif'] as const).map((extension) => [extension, '\xff\xd8\xff'] as const),
];

test('every extension has a number, in lower and upper case, with and without its signature', () => {
  for (const [number, [extension, signature]] of NAMES.entries()) {
    const source = latin1Bytes(`${signature} and so on`);
    for (const [name, upper] of [
      [extension, 0],
      [extension.toUpperCase(), 0x80],
    ] as const) {
      const omitting = number | 0x40 | upper;
      assert.deepEqual(encodeSourceName(name, source), { byte: omitting, omitted: signature.length });
      assert.deepEqual(decodeSourceName(omitting), { extension: name, omitted: latin1Bytes(signature) });
      assert.deepEqual(decodeSourceName(number | upper), { extension: name, omitted: new Uint8Array(0) });
    }
  }
  for (let number = NAMES.length; number < 64; number++) {
    for (const flags of [0, 0x40, 0x80, 0xc0]) assert.equal(decodeSourceName(number | flags), null);
  }
});

test('without its signature, an extension has its first number and omits nothing', () => {
  assert.deepEqual(encodeSourceName('.TIFF'), { byte: 0x84, omitted: 0 });
  assert.deepEqual(encodeSourceName('.tif', PNG), { byte: 2, omitted: 0 });
  assert.deepEqual(encodeSourceName('.png', PNG.subarray(0, 7)), { byte: 0, omitted: 0 });
  assert.deepEqual(encodeSourceName('.png', new Uint8Array(0)), { byte: 0, omitted: 0 });
});

test('keeps only known extensions, in one case', () => {
  for (const known of ['.png', '.PNG', '.jfif', '.JFIF']) assert.ok(isSourceExtension(known), known);
  for (const unknown of [
    '',
    '.',
    'png',
    '.Png',
    '.pNG',
    '.exe',
    '.prnn',
    '.png ',
    '/x.png',
    '..png',
    '.svg',
    '.avif',
  ]) {
    assert.ok(!isSourceExtension(unknown), unknown);
    assert.throws(() => encodeSourceName(unknown), RangeError, unknown);
  }
});

test('the extension of a source is that of its name, or the usual one of its format', () => {
  const extensions = (...names: (string | null)[]) => names.map((name) => sourceExtension(name, PNG));
  assert.deepEqual(extensions('a.png', 'A.PNG', 'a.apng', 'dir/a.b.png'), ['.png', '.PNG', '.apng', '.png']);
  assert.deepEqual(extensions(null, '', 'a', 'a.Png', 'a.dat', 'a.png/b', 'a.png\\b', '-'), Array(8).fill('.png'));
  // A misleading name is kept: the file comes back under it.
  assert.deepEqual(extensions('a.gif', '.tif'), ['.gif', '.tif']);
  const usual = (start: string) => sourceExtension(null, latin1Bytes(start.padEnd(16, '\0')));
  for (const [start, extension] of [
    ['II*\0', '.tif'],
    ['MM\0*', '.tif'],
    ['BM', '.bmp'],
    ['GIF89a', '.gif'],
    ['GIF87a', '.gif'],
    ['RIFF\0\0\0\0WEBPVP8L', '.webp'],
    ['P1\n', '.pbm'],
    ['P2\n', '.pgm'],
    ['P3\n', '.ppm'],
    ['P4\n', '.pbm'],
    ['P5\n', '.pgm'],
    ['P6\n', '.ppm'],
    ['P7\n', '.pam'],
    ['\xff\xd8\xff', '.jpg'],
  ] as const) {
    assert.equal(usual(start), extension, JSON.stringify(start));
  }
  for (const start of ['', 'hello', '\x8fp', '\0\0\0\x1cftypavif']) assert.equal(usual(start), null);
});
