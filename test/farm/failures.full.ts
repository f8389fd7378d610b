/*
 * Jobs that fail: hostile ones, ones of other versions, and ones that kill their workers.
 */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { type Run, runId, runOf } from '#pixrnn/farm/run.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { Folder, jsonEvents } from '../cli/pixrnn.js';
import { needsServer, redisServer } from './servers.js';
import { TestWorker } from './workers.js';

const options = { timeout: 120_000, skip: needsServer('valkey-server') };

test('hostile jobs fail or are left to others, and the worker goes on', options, async (context) => {
  const [{ url }, folder] = [await redisServer(context, 'valkey-server'), new Folder(context)];
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const files = new Queue('pixrnn', { connection, prefix: 'pixrnn' });
  const runs = new Queue('pixrnn-runs', { connection, prefix: 'pixrnn' });
  context.after(async () => {
    await Promise.all([files.close(), runs.close()]);
    connection.disconnect();
  });
  mkdirSync(folder.at('root/in'), { recursive: true });
  writeFileSync(folder.at('secret.png'), 'secret');
  symlinkSync(folder.at('secret.png'), folder.at('root/in/link.png'));
  folder.put('root/in/a.png', blobs({ width: 20, height: 20 }));
  const [source, target] = [folder.at('root/in'), folder.at('root/out')];
  const run = runOf('compress', source, target, { effort: 1 });
  const putRun = async (id: string, data: object): Promise<string> => {
    await runs.add('compress', data, { jobId: id });
    return id;
  };
  const other = (change: Partial<Run>): Run => ({ ...run, ...change });
  const good = await putRun(runId(run), run);
  const job = (id: string, more: object = {}): object => ({
    run: id,
    file: 'a.png',
    version: '1',
    output: 'a.prnn',
    ...more,
  });
  const failing: Record<string, object> = {
    'no-object': [],
    'no-run': job('missing'),
    'dots-in': job(good, { file: '../secret.png' }),
    'dots-out': job(good, { output: '../out.prnn' }),
    absolute: job(good, { file: '/etc/passwd' }),
    link: job(good, { file: 'link.png' }),
    'bad-run': job(await putRun('bad', { command: 'rm -rf', source, target })),
    outside: job(await putRun('outside', other({ source: folder.path }))),
    'outside-target': job(await putRun('outside-target', other({ target: folder.at('other') }))),
    'dots-root': job(await putRun('dots', other({ source: `${source}/../..` }))),
    bucket: job(await putRun('bucket', other({ source: 's3://bucket' }))),
  };
  const refused: Record<string, object> = {
    version: job(await putRun('version', other({ formatVersion: 99 }))),
    model: job(await putRun('model', other({ options: { model: { name: '/etc/passwd', id: '0123456789abcdef' } } }))),
  };
  const version = async (): Promise<string> => {
    const worker = await TestWorker.start(context, url, ['--root', folder.at('root'), '--lock', '2']);
    for (const [jobId, data] of Object.entries({ ...failing, ...refused }))
      await files.add('compress', data, { jobId, attempts: 5 });
    await files.add('tile', job(good, { tile: 'x' }), { jobId: 'tile' });
    const isDone = (name: string, data: object) => (line: { event: string; message?: unknown }) =>
      line.event === name && (line as { run?: unknown }).run === (data as { run?: unknown }).run;
    await Promise.all(Object.values(refused).map((data) => worker.logs(isDone('refused', data))));
    for (
      const until = Date.now() + 30_000;
      (await files.getFailedCount()) < Object.keys(failing).length + 1;
      await delay(100)
    ) {
      assert.ok(Date.now() < until, `${await files.getFailedCount()} jobs failed`);
    }
    return worker.stderr;
  };
  assert.equal(await version(), '');
  const failed = await files.getFailed();
  for (const { id, attemptsMade, failedReason } of failed) {
    assert.deepEqual(
      [attemptsMade, /^(usage|input-unreadable): /.test(failedReason)],
      [1, true],
      `${id}: ${failedReason}`,
    );
    assert.doesNotMatch(failedReason, /secret\.png/);
  }
  assert.deepEqual(failed.map(({ id }) => id).sort(), [...Object.keys(failing), 'tile'].sort());
  const after = await folder.run(['compress', '-r', source, '--out-dir', target, '-e', '1', '--queue', url]);
  assert.equal(after.code, 2, after.stderr); // link.png
  assert.match(after.stderr, /2 files: 1 compressed, 1 failed/);
  assert.deepEqual(folder.list(), ['root', 'secret.png']);
});

test('a job whose worker dies three times is set aside, until it is queued again', options, async (context) => {
  const [{ url }, folder] = [await redisServer(context, 'valkey-server'), new Folder(context)];
  mkdirSync(folder.at('in'));
  folder.put('in/a.png', noise({ width: 640, height: 640 }));
  const compress = ['compress', '-r', 'in', '--out-dir', 'out', '-e', '1', '--pixels', '--queue', url, '--json'];
  await folder.run([...compress, '--detach']);
  const state = async (): Promise<Record<string, number>> => {
    const { stdout } = await folder.run(['queue', 'status', '--queue', url, '--json']);
    return jsonEvents(stdout)[0]?.['jobs'] as Record<string, number>;
  };
  const start = (): Promise<TestWorker> => TestWorker.start(context, url, ['--root', folder.path, '--lock', '1']);
  for (let death = 1; death <= 3; death++) {
    const worker = await start();
    for (let jobs = await state(); jobs['active'] !== 1; jobs = await state()) await delay(50);
    // The job of the last worker is active until its lock has expired.
    if (death > 1) await worker.logs(({ event }) => event === 'stalled');
    await delay(300);
    await worker.end('SIGKILL');
  }
  const worker = await start();
  const run = await folder.run(compress);
  assert.equal(run.code, 1, run.stderr);
  assert.match(run.stderr, /three workers died or lost contact/);
  const [failed] = jsonEvents((await folder.run(['queue', 'failed', '--queue', url, '--json'])).stdout);
  assert.deepEqual([failed?.['file'], failed?.['code']], ['a.png', 'set-aside']);
  await folder.run(['queue', 'retry', '--code', 'set-aside', '--queue', url]);
  assert.equal((await folder.run(compress)).code, 0);
  await worker.end('SIGTERM');
});
