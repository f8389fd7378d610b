import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { csvTable } from '#pixrnn/report/csv-table.js';
import type { PixelsEntry } from '#pixrnn/report/entry.js';
import { escapeHtml } from '#pixrnn/report/html/escape.js';
import { reportPage } from '#pixrnn/report/html/page.js';
import { MAX_PICTURE_SIDE } from '#pixrnn/report/pictures.js';
import { blobs } from '../../fixtures/draw.js';
import { EVIL_NAME, entriesOf } from './entries.js';

let entries: PixelsEntry[];
let page: string;
before(async () => {
  entries = await entriesOf([
    [EVIL_NAME, blobs({ width: 30, height: 20 })],
    ['wide.png', blobs({ width: 2100, height: 3, channels: 1 })],
  ]);
  page = reportPage({ entries, names: entries.map(({ file }) => file), failed: 1, made: new Date(0) });
});

test('escapes text for elements and for attributes', () => {
  assert.equal(escapeHtml('<a href="x" title=\'y\'>&'), '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
  assert.equal(escapeHtml('a\nb\x1b\u202ec\u2066\u200fd'), 'a\\x0ab\\x1b\\u202ec\\u2066\\u200fd');
  assert.equal(escapeHtml('Größe 写真 👩‍🚀'), 'Größe 写真 👩‍🚀');
});

test('names and texts of files cannot become part of the page', () => {
  assert.ok(page.includes('=&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\x0a\\u202egnp.&lt;img'));
  assert.ok(page.includes('Title: &lt;/dd&gt;&lt;script&gt;alert(3)'));
  assert.equal(page.match(/<script/g)?.length, 1, "only the page's own script");
  assert.ok(!page.includes('<img src=x') && !/[\u202a-\u202e\u2066-\u2069]/.test(page));
});

test("the policy allows the page's own style sheet, script and pictures, and nothing else", () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  const hash = (text: string | undefined): string =>
    `'sha256-${createHash('sha256')
      .update(text ?? '')
      .digest('base64')}'`;
  const style = hash(/<style>(.*?)<\/style>/s.exec(page)?.[1]);
  const script = hash(/<script type="module">(.*?)<\/script>/s.exec(page)?.[1]);
  assert.deepEqual(policy?.split('; '), [
    "default-src 'none'",
    'img-src data:',
    `style-src ${style}`,
    `script-src ${script}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  assert.ok(!/ (src|href)="(?!data:|#)/.test(page), 'nothing is fetched');
  assert.ok(!/ style="| on[a-z]+="/.test(page), 'no inline style or handler, which the policy would not allow');
});

test('the page shows every image: picture, likelihood, coded length, comparison', () => {
  assert.equal(page.match(/<article /g)?.length, 2);
  assert.equal(page.match(/<img /g)?.length, 4);
  for (const { width, height } of entries.map(({ pictures }) => pictures!)) {
    assert.ok(page.includes(`width="${width}" height="${height}"`) && width <= MAX_PICTURE_SIDE);
  }
  assert.deepEqual(
    entries.map(({ pictures }) => [pictures!.width, pictures!.height]),
    [
      [30, 20],
      [1024, 1],
    ],
  );
  for (const { figures } of entries) {
    assert.ok(page.includes(`>${figures.prnnBytes.toLocaleString('en-US')}</td>`));
    assert.ok(page.includes(`coded ${figures.codedBytes.toLocaleString('en-US')} bytes`));
  }
  assert.ok(page.includes('1 file could not be read or coded'));
  assert.match(page, /<th scope="row" class="text">PNG<\/th><td>2<\/td><td>4,001<\/td>/);
  assert.ok(!/<th scope="row" class="text">WebP/.test(page), 'a codec that supports no image is not compared');
  assert.equal(page.match(/<img (?![^>]*alt="[^"])/g), null, 'every picture has an alternative text');
});

test('the page states that it has no room for pictures', () => {
  const some = entries.map((entry, index) => (index === 0 ? entry : { ...entry, pictures: null }));
  const shorter = reportPage({ entries: some, names: ['a', 'b'], failed: 0, made: new Date(0) });
  assert.equal(shorter.match(/<article /g)?.length, 1);
  assert.ok(shorter.includes('Only 1 of the 2 images are shown'));
  assert.ok(shorter.includes('href="#image-1"') && !shorter.includes('href="#image-2"'));
});

test('the CSV table has a line for each image and the same figures', () => {
  const lines = csvTable(entries).split('\r\n');
  const headings = lines[0]!.split(',');
  assert.ok(lines.slice(1).join('\r\n').startsWith(`"'=<script>alert(1)</script>""'&\n`));
  const last = lines.at(-2)!.split(',');
  const at = (name: string): string | undefined => last[headings.indexOf(name)];
  const { figures } = entries[1]!;
  assert.deepEqual(
    [at('file'), at('width'), at('prnn_bytes'), at('gray_bits_per_pixel'), at('red_bits_per_pixel'), at('png_bytes')],
    ['wide.png', '2100', String(figures.prnnBytes), String(figures.rates.perChannel[0]), '', '2001'],
  );
  assert.equal(at('webp_bytes'), '');
});
