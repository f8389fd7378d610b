import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { type Entry, readLibrary } from './api-declarations.js';

/*
 * Generates docs/API.md from the doc comments of the exports of src/index.ts.
 *
 *   npm run api-page             writes the page
 *   npm run api-page -- --check  fails if the page is out of date
 */

const PAGE = 'docs/API.md';

/** Returns the page; `root` is the directory of the repository. */
export async function apiPage(root: string): Promise<string> {
  const { introduction, sections } = readLibrary(join(root, 'src/index.ts'));
  const ordered = sections.map((section) => ({ ...section, entries: typesLast(section.entries) }));
  const links = linksTo(ordered.flatMap(({ title, entries }) => [title, ...entries.map(({ name }) => name)]));
  const blocks = [
    '<!-- Generated from the doc comments in src/ by `npm run api-page`. Do not edit. -->',
    introduction,
    ...ordered.flatMap(({ title, text, entries }) => [
      `## ${title}`,
      text,
      entries.map(({ name }) => links.get(name)).join(' · '),
      ...entries.flatMap((entry) => entryBlocks(entry, links)),
    ]),
  ];
  const options = await resolveConfig(join(root, PAGE));
  return format(blocks.join('\n\n'), { ...options, parser: 'markdown' });
}

function typesLast(entries: readonly Entry[]): Entry[] {
  return [...entries.filter(({ isType }) => !isType), ...entries.filter(({ isType }) => isType)];
}

/** Returns links to headings, in order. As on GitHub, a heading that differs from an earlier one only in case gets a number. */
function linksTo(headings: readonly string[]): Map<string, string> {
  const seen = new Map<string, number>();
  return new Map(
    headings.map((heading) => {
      const anchor = heading.toLowerCase();
      const before = seen.get(anchor) ?? 0;
      seen.set(anchor, before + 1);
      return [heading, `[${heading}](#${before === 0 ? anchor : `${anchor}-${before}`})`];
    }),
  );
}

function entryBlocks({ name, doc, code, mentions }: Entry, links: ReadonlyMap<string, string>): string[] {
  const others = [...mentions].flatMap((other) => (other === name ? [] : (links.get(other) ?? [])));
  return [
    `### ${name}`,
    doc.text,
    `\`\`\`ts\n${code}\n\`\`\``,
    ...doc.parameters.map((parameter) => parameter.replace(/^(\w+)/, '- `$1`:')),
    ...(doc.throws.length > 0 ? [`Throws:\n\n${doc.throws.map((thrown) => `- ${oneLine(thrown)}`).join('\n')}`] : []),
    ...doc.examples.map((example) => `Example:\n\n\`\`\`ts\n${example}\n\`\`\``),
    ...(others.length > 0 ? [`See ${others.join(', ')}.`] : []),
  ];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

if (process.argv[1] === import.meta.filename) {
  const page = await apiPage(process.cwd());
  if (!process.argv.includes('--check')) writeFileSync(PAGE, page);
  else if (readFileSync(PAGE, 'utf8') !== page) {
    process.stderr.write(`${PAGE} is out of date. Run npm run api-page.\n`);
    process.exitCode = 1;
  }
}
