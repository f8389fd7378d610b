/*
 * Removing the records of runs.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { blobs } from '../../fixtures/draw.js';
import { Folder, jsonEvents } from '../cli/pixrnn.js';
import { needsPostgres, postgresServer } from './postgres-server.js';
import { needsServer, redisServer } from './servers.js';
import { TestWorker } from './workers.js';

const SERVERS = [
  ['Valkey', needsServer('valkey-server'), (context: TestContext) => redisServer(context, 'valkey-server')],
  ['PostgreSQL', needsPostgres(), (context: TestContext) => postgresServer(context)],
] as const;

for (const [name, skip, start] of SERVERS) {
  test(`${name}: only finished runs are forgotten`, { skip, timeout: 240_000 }, async (context) => {
    const [{ url }, folder] = [await start(context), new Folder(context)];
    for (const source of ['one', 'two']) {
      mkdirSync(folder.at(source));
      folder.put(`${source}/a.png`, blobs({ width: 20, height: 16 }));
    }
    folder.put('one/bad.png', Buffer.from('no image'));
    const submit = async (source: string): Promise<string> => {
      const compress = ['compress', '-r', source, '--out-dir', 'out', '-e', '1', '--queue', url];
      const { stdout } = await folder.run([...compress, '--detach', '--json']);
      return jsonEvents(stdout)[0]?.['run'] as string;
    };
    const status = async (): Promise<{ runs: string[]; jobs: Record<string, number> }> => {
      const [found] = jsonEvents((await folder.run(['queue', 'status', '--queue', url, '--json'])).stdout);
      const runs = (found?.['runs'] as { run: string }[]).map(({ run }) => run);
      return { runs, jobs: found?.['jobs'] as Record<string, number> };
    };
    const forget = (...args: string[]) => folder.run(['queue', 'forget', ...args, '--queue', url]);
    const [one, two] = [await submit('one'), await submit('two')];

    for (const [args, reason] of [
      [[one], /is not finished: 2 jobs left\. No run was forgotten\.$/m],
      [['0123456789abcdef'], /has no run 0123456789abcdef/],
      [[], /name the runs to forget, or use --older/],
      [[one, '--older', '1'], /name the runs to forget, or use --older/],
    ] as const) {
      const { code, stderr } = await forget(...args);
      assert.equal(code, 2);
      assert.match(stderr, reason);
    }
    const waiting = await forget('--older', '0', '--failed');
    assert.match(waiting.stderr, new RegExp(`run ${one} is kept: it is not finished: 2 jobs left\n`));
    assert.match(waiting.stderr, /0 runs forgotten/);
    assert.deepEqual((await status()).runs, [one, two]);
    assert.equal((await status()).jobs['waiting'], 3);

    await TestWorker.start(context, url, ['--root', folder.path]);
    assert.equal((await folder.run(['compress', '--follow', two, '--queue', url])).code, 0);
    assert.equal((await folder.run(['compress', '--follow', one, '--queue', url])).code, 3);
    const failed = await forget(one);
    assert.equal(failed.code, 2);
    assert.match(failed.stderr, /has 1 failed job, which "pixrnn queue failed" lists; --failed forgets them too/);
    assert.match((await forget('--older', '1')).stderr, /^0 runs forgotten$/m);
    assert.match((await forget('--older', '0')).stderr, new RegExp(`run ${one} is kept: it has 1 failed job`));
    assert.deepEqual((await status()).runs, [one]);
    assert.match((await forget(one, '--failed')).stderr, /^1 run forgotten$/m);
    const { runs, jobs } = await status();
    assert.deepEqual([runs, jobs], [[], { waiting: 0, active: 0, delayed: 0, completed: 0, failed: 0 }]);

    const again = await submit('one');
    assert.equal(again, one);
    assert.equal((await folder.run(['compress', '--follow', again, '--queue', url])).code, 3);
    assert.equal((await status()).jobs['failed'], 1);
  });
}
