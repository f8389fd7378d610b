/*
 * One term per idea, in documents, comments, messages and identifiers: no phrase of the rules occurs anywhere.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, it } from 'node:test';
import { STYLE_RULES } from './style-rules.js';

const ROOT = join(import.meta.dirname, '../../..');
const PLACES = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs', 'man', 'models', 'examples'],
  ...['src', 'assembly', 'bench', 'scripts', 'test', 'web'],
];
const EXTENSIONS = new Set(['.md', '.ts', '.js', '.sh', '.svg', '.1', '.html', '.css', '.webmanifest']);
/** The rules contain the phrases that they forbid; logs and curves of training are data. */
const EXCLUDED = ['test/package/style-rules.ts', 'test/package/style.test.ts', 'models/training'];

interface Line {
  /** "docs/BATCH.md:12". */
  where: string;
  text: string;
}

function filesIn(path: string): string[] {
  if (EXCLUDED.includes(path)) return [];
  if (!statSync(join(ROOT, path)).isDirectory()) return EXTENSIONS.has(extname(path)) ? [path] : [];
  return readdirSync(join(ROOT, path)).flatMap((name) => filesIn(`${path}/${name}`));
}

function linesOf(path: string): Line[] {
  const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
  return lines.map((text, i) => ({ where: `${path}:${i + 1}`, text }));
}

const LINES = PLACES.flatMap(filesIn).flatMap(linesOf);

describe('style', () => {
  it('reads all documents and sources', () => {
    for (const place of PLACES)
      assert.ok(
        LINES.some(({ where }) => where.startsWith(place)),
        place,
      );
  });

  for (const { pattern, write } of STYLE_RULES) {
    it(`no text matches ${pattern.source}; write: ${write}`, () => {
      const found = LINES.filter(({ text }) => pattern.test(text)).map(({ where, text }) => `${where}: ${text.trim()}`);
      assert.deepEqual(found, []);
    });
  }
});
