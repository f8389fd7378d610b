import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type TestContext, test } from 'node:test';
import { slashed } from '#pixrnn/node/path-text.js';
import { temporaryName } from '#pixrnn/batch/leftovers.js';
import { FolderStorage } from '#pixrnn/farm/folder-storage.js';
import { ConfinedStorages } from '#pixrnn/farm/open-storage.js';
import { WorkerMetrics } from '#pixrnn/farm/metrics.js';
import { jsonLog } from '#pixrnn/farm/log.js';
import { Folder } from '../cli/pixrnn.js';
import { makeLink, needsLinks } from '../platform.js';

const BYTES = Uint8Array.of(1, 2, 3);
const USAGE = { name: 'PixrnnError', code: 'usage' };

function storage(context: TestContext): { folder: Folder; storage: FolderStorage } {
  const folder = new Folder(context);
  mkdirSync(folder.at('root/deep'), { recursive: true });
  const root = slashed(realpathSync(folder.at('root')));
  return { folder, storage: new FolderStorage(root, [root]) };
}

test('files are listed with versions that change with them; hidden names and links to directories are not', async (context) => {
  const { folder, storage: root } = storage(context);
  for (const name of ['a.png', 'deep/b.png', '.hidden.png', 'c.txt']) folder.put(`root/${name}`, BYTES);
  mkdirSync(folder.at('root/.pixrnn'));
  folder.put('root/.pixrnn/d.png', BYTES);
  makeLink('deep', folder.at('root/link.png'));
  const names: string[] = [];
  for await (const { name, bytes } of root.list((name) => name.endsWith('.png'))) {
    assert.equal(bytes, 3);
    names.push(name);
  }
  assert.deepEqual(names.sort(), ['a.png', 'deep/b.png']);
  const { version } = (await root.find('a.png')) ?? {};
  folder.put('root/a.png', Uint8Array.of(1, 2, 4));
  assert.notEqual((await root.find('a.png'))?.version, version);
  assert.equal((await root.read('a.png')).version, (await root.find('a.png'))?.version);
  assert.equal(await root.find('none'), null);
  await assert.rejects(root.read('none'), { code: 'input-unreadable' });
  await assert.rejects(root.read('a.png', 2), { code: 'limit' });
});

test('a file is written whole or not at all, and replaced only if that is asked for', async (context) => {
  const { folder, storage: root } = storage(context);
  mkdirSync(folder.at('root/.pixrnn'));
  const leftover = `root/.pixrnn/${basename(temporaryName(''))}`; // of an earlier process with this id
  folder.put(leftover, BYTES);
  assert.equal(await root.write('x/a', BYTES, { replace: false }), 'written');
  assert.equal(await root.write('x/a', Uint8Array.of(9), { replace: false }), 'exists');
  assert.deepEqual([...readFileSync(folder.at('root/x/a'))], [1, 2, 3]);
  assert.equal(await root.write('x/a', Uint8Array.of(9), { replace: true }), 'written');
  assert.deepEqual([...readFileSync(folder.at('root/x/a'))], [9]);
  assert.deepEqual(readdirSync(folder.at('root/.pixrnn')), []);
  await root.clean();
  assert.deepEqual(readdirSync(folder.at('root')).sort(), ['deep', 'x']);
});

test('nothing outside the roots is read or written, through links neither', { skip: needsLinks }, async (context) => {
  const { folder, storage: root } = storage(context);
  mkdirSync(folder.at('outside'));
  writeFileSync(folder.at('outside/secret'), 'secret');
  makeLink(folder.at('outside'), folder.at('root/out'));
  makeLink(folder.at('outside/secret'), folder.at('root/file'));
  for (const name of ['out/secret', 'file', '../outside/secret']) await assert.rejects(root.read(name), USAGE, name);
  for (const name of ['out/new', '../outside/new']) {
    await assert.rejects(root.write(name, BYTES, { replace: false }), USAGE, name);
  }
  await assert.rejects(root.remove('out/secret'), USAGE);
  assert.deepEqual(readdirSync(folder.at('outside')), ['secret']);
  const storages = await ConfinedStorages.within([slashed(folder.at('root'))]);
  await assert.rejects(storages.at(slashed(folder.at('outside'))), USAGE);
  const linked = await storages.at(slashed(folder.at('root/out')));
  await assert.rejects(linked.read('secret'), USAGE);
});

test('logs contain no passwords; metrics have the format of Prometheus', () => {
  const lines: string[] = [];
  jsonLog((line) => lines.push(line))('error', { message: 'no answer from redis://:secret@host' });
  jsonLog((line) => lines.push(line), true)('done', {});
  assert.equal(lines.length, 1);
  assert.equal((JSON.parse(lines[0] ?? '') as { message: string }).message, 'no answer from redis://host');
  const metrics = new WorkerMetrics();
  const end = metrics.begin();
  const numbers = { sourceBytes: 300, bytes: 100, pixels: 1e6, samples: 400, seconds: 2 };
  metrics.done('compress', { status: 'done', output: 'a', ...numbers });
  metrics.failed('limit: too large');
  const text = metrics.text();
  for (const line of [
    'jobs_total{command="compress",status="done"} 1',
    'failures_total{code="limit"} 1',
    'active_jobs 1',
    'megapixels_total 1',
    'bits_per_dim 2',
  ]) {
    assert.ok(text.includes(`\npixrnn_${line}\n`), line);
  }
  end();
  assert.match(metrics.text(), /\npixrnn_active_jobs 0\n/);
});
