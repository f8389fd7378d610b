import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findSources, type Source } from '#pixrnn/batch/sources.js';
import { Folder } from '../cli/pixrnn.js';
import { LINE_BREAK, makeFifo, makeLink } from '../platform.js';

const OPTIONS = { recursive: true, extensions: /\.(png|tif)$/i, stream: '-' };

function folderOf(context: TestContext, names: readonly string[]): Folder {
  const folder = new Folder(context);
  for (const name of names) {
    mkdirSync(dirname(folder.at(name)), { recursive: true });
    writeFileSync(folder.at(name), '');
  }
  return folder;
}

/** Returns the paths relative to the folder, with the fault of each faulty source. */
function pathsAndFaults(sources: readonly Source[]): string[] {
  return sources.map(({ below, fault }) => (fault ? `${below}: ${fault.message.split('.')[0]}` : below));
}

test('a folder yields its supported files in sorted order, and those of its subfolders', (context) => {
  const folder = folderOf(context, [
    'b.png',
    'a.TIF',
    'c.txt',
    '.hidden.png',
    'in/d.png',
    '.git/e.png',
    `z z${LINE_BREAK}写.png`,
  ]);
  assert.deepEqual(pathsAndFaults(findSources([folder.path], OPTIONS)), [
    'a.TIF',
    'b.png',
    'in/d.png',
    `z z${LINE_BREAK}写.png`,
  ]);
  const [first] = findSources([`${folder.path}/`], OPTIONS);
  assert.equal(first?.path, `${folder.path}/a.TIF`);
  assert.deepEqual(
    pathsAndFaults(findSources([folder.at('c.txt')], OPTIONS)),
    ['c.txt'],
    'a named file may have any extension',
  );
});

test('requires --recursive for a folder', (context) => {
  const folder = folderOf(context, ['b.png']);
  const [only] = findSources([folder.path], { ...OPTIONS, recursive: false });
  assert.match(only?.fault?.message ?? '', /^it is a directory\..*--recursive/);
});

test('reports special files in a folder without opening them', (context) => {
  const folder = folderOf(context, ['a.png', 'x.png/inside.png']);
  const hasPipe = makeFifo(folder.at('pipe.png'));
  const hasLinks = makeLink('nowhere', folder.at('dangling.png'));
  for (const [link, target] of [
    ['link.png', 'a.png'],
    ['loop', '.'],
    ['loop.png', '.'],
  ] as const) {
    makeLink(target, folder.at(link));
  }
  assert.deepEqual(pathsAndFaults(findSources([folder.path], OPTIONS)), [
    'a.png',
    ...(hasLinks ? ['dangling.png', 'link.png', 'loop.png: it is a directory named like a file'] : []),
    ...(hasPipe ? ['pipe.png: it is a pipe, a socket or a device'] : []),
    'x.png: it is a directory named like a file',
  ]);
  assert.deepEqual(
    pathsAndFaults(findSources([folder.at('x.png')], OPTIONS)),
    ['inside.png'],
    'a folder named explicitly',
  );
  if (hasPipe) assert.deepEqual(pathsAndFaults(findSources([folder.at('pipe.png')], OPTIONS)), ['pipe.png'], 'alone');
});

test('yields each file once, in the order of the arguments', (context) => {
  const folder = folderOf(context, ['a.png', 'b.png', 'in/c.png']);
  const args = [folder.at('b.png'), folder.path, `${folder.path}/in/../b.png`, folder.at('in')];
  assert.deepEqual(pathsAndFaults(findSources(args, OPTIONS)), ['b.png', 'a.png', 'in/c.png']);
});

test('a pattern keeps the folders below its fixed part', (context) => {
  const folder = folderOf(context, ['a1.png', 'a2.png', 'in/a3.png', 'in/deep/a4.png', 'in/b[1].png', '.a5.png']);
  makeLink('..', folder.at('in/loop'));
  const below = (pattern: string): string[] => pathsAndFaults(findSources([folder.at(pattern)], OPTIONS));
  assert.deepEqual(below('*.png'), ['a1.png', 'a2.png']);
  assert.deepEqual(below('.*.png'), ['.a5.png']);
  assert.deepEqual(below('**/a?.png'), ['a1.png', 'a2.png', 'in/a3.png', 'in/deep/a4.png']);
  assert.deepEqual(below('in/**/*4.png'), ['deep/a4.png']);
  assert.deepEqual(below('*/[ab]*.png'), ['in/a3.png', 'in/b[1].png']);
  assert.deepEqual(below('{a1,a2,a9}.png'), ['a1.png', 'a2.png']);
  assert.deepEqual(below('in/b[1].png'), ['b[1].png'], 'an existing file is not a pattern');
  assert.deepEqual(below('none*.png'), ['none*.png'], 'an error names the pattern');
});
