import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { switches } from '#pixrnn/cli/command.js';
import { COMMANDS } from '#pixrnn/cli/commands.js';
import { EXIT_CODES } from '#pixrnn/cli/exit-codes.js';
import { dateOf, manPage } from '../../scripts/man-page-text.js';
import { argument, inline, lines, literal } from '../../scripts/mdoc.js';
import { needsProgram } from '../needs.js';

const PATH = join(import.meta.dirname, '../../../man/pixrnn.1');

test('the man page is up to date', () => {
  const page = readFileSync(PATH, 'utf8');
  assert.match(dateOf(page), /^[A-Z][a-z]+ \d{1,2}, \d{4}$/);
  assert.equal(page, manPage(dateOf(page)), 'run `npm run man-page`');
});

test('the man page has its sections, and all commands, options and exit codes', () => {
  const page = readFileSync(PATH, 'utf8');
  const sections = [...page.matchAll(/^\.Sh (.*)$/gm)].map(([, title]) => title);
  const wanted = ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'COMMANDS', 'ENVIRONMENT', 'FILES', 'EXIT STATUS', 'EXAMPLES'];
  assert.deepEqual(sections, [...wanted, 'SEE ALSO']);
  const texts = page.split(/^\.Ss pixrnn (.*)$/m);
  for (const { name, options, examples } of COMMANDS) {
    const text = texts[texts.indexOf(literal(name)) + 1] ?? '';
    assert.notEqual(texts.indexOf(literal(name)), -1, name);
    for (const [option, given] of Object.entries(options)) {
      const terms = switches(option, given).map((typed) => `Fl ${literal(typed.slice(1))}`);
      assert.ok(text.includes(`.It ${terms.join(' , ')}`), `${name} --${option}`);
    }
    for (const [line] of examples) assert.ok(text.includes(`\npixrnn ${literal(line)}\n`), line);
  }
  for (const code of Object.keys(EXIT_CODES)) assert.match(page, new RegExp(`^\\.It ${code}$`, 'm'));
  for (const variable of ['PIXRNN_DATA', 'XDG_CACHE_HOME', 'SHELL']) {
    assert.match(page, new RegExp(`^\\.It Ev ${variable}$`, 'm'));
  }
});

test('the man page escapes text that roff would interpret', () => {
  const text = ".prnn files. Files. 'Quoted' back\\slash";
  assert.deepEqual(lines(text), ['\\&.prnn files.', 'Files. \\(aqQuoted\\(aq back\\eslash']);
  const options = inline('well-known, but --out-dir and `a-b` and -r');
  assert.equal(options, 'well-known, but \\-\\-out\\-dir and \\fBa\\-b\\fR and \\-r');
  assert.equal(literal('~/a-b "c"'), '\\(ti/a\\-b \\(dqc\\(dq');
  assert.equal(argument('Fl'), '\\&Fl');
  assert.equal(argument('a b'), '"a b"');
  assert.ok(lines('word '.repeat(100).trim()).every((line) => line.length <= 80));
});

test('groff formats the man page without a warning', { skip: needsProgram('groff', '-v') }, () => {
  const { status, stdout, stderr } = spawnSync('groff', ['-mandoc', '-ww', '-z', PATH], { encoding: 'utf8' });
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
  const text = execFileSync('groff', ['-mandoc', '-Tascii', '-P-cbou', PATH], { encoding: 'utf8' });
  assert.match(text, /^PIXRNN\(1\)/);
  assert.match(text, /^ {7}-o, --output FILE$/m);
  assert.match(text, /~\/\.cache\/pixrnn/);
});

test('mandoc reports no problem in the man page', { skip: needsProgram('mandoc', '-Tlint') }, () => {
  const lint = spawnSync('mandoc', ['-Tlint', PATH], { encoding: 'utf8' });
  const complaints = lint.stdout
    .split('\n')
    .filter((line) => line !== '' && !/referenced manual not found|mandoc\.db/.test(line));
  assert.deepEqual(complaints, []);
});
