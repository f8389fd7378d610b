import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as library from '#pixrnn/index.js';
import { apiPage } from '../../scripts/api-page.js';
import { parseDoc } from '../../scripts/doc-comment.js';

const ROOT = join(import.meta.dirname, '../../..');

describe('docs/API.md', () => {
  const page = readFileSync(join(ROOT, 'docs/API.md'), 'utf8');

  it('matches the doc comments (npm run api-page)', async () => {
    assert.equal(await apiPage(ROOT), page);
  });

  it('names all exports of the library', () => {
    const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    assert.deepEqual(
      Object.keys(library).filter((name) => !headings.includes(name)),
      [],
    );
    assert.equal(new Set(headings).size, headings.length);
  });

  it('links only to its own headings', () => {
    const seen = new Map<string, number>();
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => {
      const anchor = title.toLowerCase().replaceAll(' ', '-');
      const before = seen.get(anchor) ?? 0;
      seen.set(anchor, before + 1);
      return before === 0 ? anchor : `${anchor}-${before}`;
    });
    const links = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor = '']) => anchor);
    assert.ok(links.length > 50);
    assert.deepEqual(
      links.filter((link) => !anchors.includes(link)),
      [],
    );
  });
});

describe('a doc comment', () => {
  it('is split at its tags', () => {
    const doc = parseDoc(
      'What it is.\n\nMore.\n@param a the first,\n  goes on\n@throws Error if @sign\n@example\nf(1);\n@returns a number',
    );
    assert.deepEqual(doc, {
      text: 'What it is.\n\nMore.\n\nReturns a number',
      parameters: ['a the first,\n  goes on'],
      throws: ['Error if @sign'],
      examples: ['f(1);'],
    });
  });
});
