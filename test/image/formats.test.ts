import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatOf, formatOfPath } from '#pixrnn/image/formats.js';

test('the extension of a path selects the format', () => {
  const formats = {
    'a.png': 'png',
    'A.PNG': 'png',
    'a.b/c.tif': 'tiff',
    'x.tiff': 'tiff',
    'x.webp': 'webp',
    'x.ppm': 'pnm',
    'x.pgm': 'pnm',
    'x.pbm': 'pnm',
    'x.pnm': 'pnm',
    'x.PAM': 'pnm',
  };
  for (const [path, format] of Object.entries(formats)) assert.equal(formatOfPath(path), format, path);
});

test('rejects other extensions with the list of supported ones', () => {
  for (const path of ['x.jpg', 'x', 'png', 'x.png.gz', '-']) {
    assert.throws(() => formatOfPath(path), {
      name: 'PixrnnError',
      code: 'usage',
      message: /Use \.png, \.tif\/\.tiff, \.webp, \.ppm\/\.pgm\/\.pbm\/\.pnm\/\.pam\.$/,
    });
  }
});

test('detects formats by their first bytes', () => {
  const of = (text: string): string | null => formatOf(Buffer.from(text, 'latin1'));
  assert.equal(of('\x89PNG\r\n\x1a\n'), 'PNG');
  assert.equal(of('RIFF\0\0\0\0WEBPVP8L'), 'WebP');
  assert.equal(of('GIF89a'), 'GIF');
  assert.equal(of('MM\0+'), 'TIFF');
  assert.equal(of('BM'), 'BMP');
  assert.equal(of('P7\n'), 'PNM');
  assert.equal(of('P8\n'), null);
  assert.equal(of('PNG'), null);
  assert.equal(of(''), null);
});
