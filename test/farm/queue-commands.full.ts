/*
 * The effects of `pixrnn queue`, but for `queue forget`.
 */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { blobs } from '../../fixtures/draw.js';
import { Folder, jsonEvents } from '../cli/pixrnn.js';
import { needsPostgres, postgresServer } from './postgres-server.js';
import { needsServer, redisServer } from './servers.js';
import { TestWorker } from './workers.js';

const SERVERS = [
  ['Valkey', needsServer('valkey-server'), (context: TestContext) => redisServer(context, 'valkey-server')],
  ['PostgreSQL', needsPostgres(), (context: TestContext) => postgresServer(context)],
] as const;
const FILES = 5;

for (const [name, skip, start] of SERVERS) {
  test(`${name}: status, failed, retry, pause, drain and resume`, { skip, timeout: 240_000 }, async (context) => {
    const [{ url }, folder] = [await start(context), new Folder(context)];
    for (const source of ['one', 'two', 'out']) mkdirSync(folder.at(source));
    for (const file of ['a', 'b']) folder.put(`one/${file}.png`, blobs({ width: 20, height: 16 }));
    folder.put('one/bad.png', Buffer.from('no image'));
    folder.put('out/b.prnn', Buffer.from('another file'));
    for (let i = 0; i < FILES; i++) folder.put(`two/${i}.png`, blobs({ width: 16 + i, height: 20 }, i));
    const queue = async (...args: string[]) => folder.run(['queue', ...args, '--queue', url]);
    const json = async (...args: string[]) => jsonEvents((await queue(...args, '--json')).stdout);
    const jobs = async (): Promise<unknown> => (await json('status'))[0]?.['jobs'];
    const compress = (source: string) => ['compress', '-r', source, '--out-dir', 'out', '-e', '1', '--queue', url];
    const submit = async (source: string): Promise<Record<string, unknown>> =>
      jsonEvents((await folder.run([...compress(source), '--detach', '--json'])).stdout)[0] ?? {};
    const none = { waiting: 0, active: 0, delayed: 0, completed: 0, failed: 0 };

    // status
    assert.deepEqual(await json('status'), [{ queue: 'pixrnn', paused: false, workers: 0, jobs: none, runs: [] }]);
    const one = (await submit('one'))['run'] as string;
    assert.deepEqual(await jobs(), { ...none, waiting: 3 });
    await TestWorker.start(context, url, ['--root', folder.path]);
    assert.ok([3, 6].includes((await folder.run(compress('one'))).code ?? 0), 'the first one in the listing');
    const shown = (await queue('status')).stdout.toString();
    assert.match(shown, /^pixrnn: running, workers 1; waiting 0, active 0, delayed 0, completed 1, failed 2$/m);
    assert.match(shown, new RegExp(`^run ${one}  \\d{4}-\\d\\d-\\d\\d  compress .*one -> .*out$`, 'm'));

    // failed
    const failed = (await queue('failed')).stdout.toString().trim().split('\n').sort();
    assert.equal(failed.length, 2);
    assert.match(failed[0] ?? '', new RegExp(`^${one}  b\\.png: output-exists: b\\.prnn already exists and differs`));
    assert.match(failed[1] ?? '', new RegExp(`^${one}  bad\\.png: input-unsupported: it is not an image file`));

    // retry: only of the run and code that are named, and with success once the cause is gone
    assert.deepEqual(await json('retry', '0123456789abcdef'), [{ retried: 0 }]);
    assert.deepEqual(await json('retry', '--code', 'limit'), [{ retried: 0 }]);
    assert.deepEqual(await jobs(), { ...none, completed: 1, failed: 2 });
    rmSync(folder.at('out/b.prnn'));
    assert.deepEqual(await json('retry', one, '--code', 'output-exists'), [{ retried: 1 }]);
    assert.equal((await folder.run(compress('one'))).code, 3);
    assert.deepEqual(Object.keys(folder.contents('out')).sort(), ['a.prnn', 'b.prnn']);
    assert.deepEqual(await jobs(), { ...none, completed: 2, failed: 1 });

    // pause
    assert.equal((await json('pause'))[0]?.['paused'], true);
    assert.equal((await submit('two'))['added'], FILES);
    await delay(2000);
    assert.deepEqual(await jobs(), { ...none, waiting: FILES, completed: 2, failed: 1 });
    assert.match((await queue('status')).stdout.toString(), /^pixrnn: paused/);

    const two = (await submit('two'))['run'] as string;
    assert.match((await queue('forget', two)).stderr, /is not finished: 5 jobs left/);

    // drain: nobody queues the jobs again but who submits the run
    const followed = folder.spawn(compress('two'));
    await delay(3000);
    await queue('drain');
    assert.deepEqual(await jobs(), { ...none, completed: 2, failed: 1 });
    const { code, stderr } = await followed;
    assert.equal(code, 6, stderr);
    assert.match(stderr, /files of the run were removed from the queue\. Submit it again to go on\./);
    assert.deepEqual(await jobs(), { ...none, completed: 2, failed: 1 });
    assert.deepEqual(Object.keys(folder.contents('out')).sort(), ['a.prnn', 'b.prnn']);
    assert.equal((await submit('two'))['added'], FILES);

    // resume
    assert.equal((await json('resume'))[0]?.['paused'], false);
    const done = await folder.run(compress('two'));
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual(await jobs(), { ...none, completed: 2 + FILES, failed: 1 });
    assert.equal(Object.keys(folder.contents('out')).length, 2 + FILES);
  });
}
