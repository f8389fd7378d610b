/*
 * Checks the links and the commands of the documents.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDERS = ['.', 'docs', 'docs/format', 'bench', 'models'];

const DOCUMENTS = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Returns the text without fenced blocks and code spans, whose brackets are no links. */
const proseOf = (path: string): string =>
  textOf(path)
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '`');

/**
 * Returns the anchors of a text's headings as GitHub makes them: the second heading of the same name is followed by -1.
 */
function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => {
    const name = anchorOf(heading as string);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}-${before}`;
  });
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

describe('documents', () => {
  for (const document of DOCUMENTS) {
    it(`${document}: every link within the repository resolves`, () => {
      const links = [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
      for (const link of links.filter((target) => !/^\w+:/.test(target))) {
        const [path, anchor] = link.split('#') as [string, string | undefined];
        const target = path === '' ? document : join(dirname(document), path);
        assert.ok(existsSync(join(ROOT, target)), `${link}: there is no ${target}`);
        if (anchor === undefined) continue;
        assert.ok(anchorsOf(textOf(target)).includes(anchor), `${link}: ${target} has no such heading`);
      }
    });

    it(`${document}: every npm script that it names exists`, () => {
      const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
      const named = [...textOf(document).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name as string);
      for (const name of named) assert.ok(name in scripts, `npm run ${name}`);
    });
  }
});
