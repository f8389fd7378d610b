import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsv } from '#pixrnn/report/csv.js';

test('quotes cells as RFC 4180 requires, and ends lines with CR LF', () => {
  assert.equal(
    formatCsv([
      ['plain', 'with, comma', 'with "quotes"', 'two\nlines', 'a\rb', ''],
      [1.5, -0.25, null, 0, 1e21, NaN],
    ]),
    'plain,"with, comma","with ""quotes""","two\nlines","a\rb",\r\n1.5,-0.25,,0,1e+21,\r\n',
  );
});

test('no text is a formula', () => {
  const cell = (text: string): string => formatCsv([[text]]).slice(0, -2);
  for (const text of ['=1+1', '+1', '-1', '@sum', '=cmd|x', '\uff1d1', ' =1', '\u200b=1']) {
    assert.equal(cell(text), `'${text}`, JSON.stringify(text));
  }
  assert.equal(cell('\t=1'), "'\t=1");
  assert.equal(cell('\r=1'), '"\'\r=1"');
  assert.equal(cell('=HYPERLINK("http://x","y")'), '"\'=HYPERLINK(""http://x"",""y"")"');
  for (const text of ['a=1', 'photo-1.png', '1+1', "'=1"]) assert.equal(cell(text), text);
});
