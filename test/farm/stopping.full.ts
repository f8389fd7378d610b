/*
 * Workers that are stopped while they have jobs.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { type TestContext, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { noise } from '../../fixtures/draw.js';
import { Folder, jsonEvents } from '../cli/pixrnn.js';
import { needsPostgres, postgresServer } from './postgres-server.js';
import { freePort, needsServer, redisServer, type Server } from './servers.js';
import { type LogLine, TestWorker } from './workers.js';

const SERVERS = [
  ['Valkey', needsServer('valkey-server'), (context: TestContext) => redisServer(context, 'valkey-server')],
  ['PostgreSQL', needsPostgres(), (context: TestContext) => postgresServer(context)],
] as const;
const TIMEOUT = { timeout: 240_000 };
/** Seconds of a lock, longer than any test: nothing waits for it. */
const LOCK = 300;

/** A queue with jobs of some seconds. */
class LongJobs {
  private constructor(
    readonly server: Server,
    readonly folder: Folder,
  ) {}

  static async submit(context: TestContext, server: Server, count: number): Promise<LongJobs> {
    const folder = new Folder(context);
    mkdirSync(folder.at('in'));
    for (let i = 0; i < count; i++) folder.put(`in/${i}.png`, noise({ width: 560, height: 560 + i }));
    const jobs = new LongJobs(server, folder);
    const submitted = await jobs.compress('--detach');
    assert.equal(submitted.code, 0, submitted.stderr);
    return jobs;
  }

  compress(...more: string[]) {
    const { folder, server } = this;
    const places = ['-r', 'in', '--out-dir', 'out', '-e', '1', '--pixels'];
    return folder.run(['compress', ...places, '--queue', server.url, ...more]);
  }

  /** Starts a worker that takes one job at a time. */
  worker(context: TestContext, { lock = LOCK, grace = 20 }, ...more: string[]): Promise<TestWorker> {
    const options = ['--root', this.folder.path, '--lock', String(lock), '--grace', String(grace)];
    return TestWorker.start(context, this.server.url, [...options, ...more]);
  }

  async counts(): Promise<Record<string, number>> {
    const { stdout } = await this.folder.run(['queue', 'status', '--queue', this.server.url, '--json']);
    return jsonEvents(stdout)[0]?.['jobs'] as Record<string, number>;
  }

  /** Waits until a worker has a job. */
  async begun(): Promise<void> {
    while ((await this.counts())['active'] !== 1) await delay(50);
  }
}

function timeOf(line: LogLine): number {
  return Date.parse(line['time'] as string);
}

for (const [name, skip, start] of SERVERS) {
  describe(name, { skip }, () => {
    test('after the grace time a job goes to another worker at once', TIMEOUT, async (context) => {
      const jobs = await LongJobs.submit(context, await start(context), 1);
      const leaving = await jobs.worker(context, { grace: 1 });
      await jobs.begun();
      const other = await jobs.worker(context, {});
      const began = performance.now();
      assert.equal(await leaving.end('SIGTERM'), 0, leaving.stderr);
      const seconds = (performance.now() - began) / 1000;
      assert.ok(seconds >= 1 && seconds < 12, `it needed ${seconds} s`);
      assert.deepEqual(
        leaving.log.map(({ event }) => event),
        ['started', 'stopping', 'returned', 'stopped'],
      );
      const returned = await leaving.logs(({ event }) => event === 'returned');
      const done = await other.logs(({ event }) => event === 'done');
      const waited = (timeOf(done) - timeOf(returned)) / 1000 - (done['seconds'] as number);
      assert.ok(waited < 20, `the job waited ${waited} s of the ${LOCK} s of its lock`);
      const { completed, waiting, active, failed } = await jobs.counts();
      assert.deepEqual([completed, waiting, active, failed], [1, 0, 0, 0]);
    });

    test('within the grace time it finishes its job, and takes no other one', TIMEOUT, async (context) => {
      const jobs = await LongJobs.submit(context, await start(context), 2);
      const port = String(await freePort());
      const worker = await jobs.worker(context, { grace: 200 }, '--metrics-port', port);
      await jobs.begun();
      const ended = worker.end('SIGTERM');
      await worker.logs(({ event }) => event === 'stopping');
      assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 503);
      assert.equal(await ended, 0, worker.stderr);
      assert.deepEqual(
        worker.log.map(({ event }) => event),
        ['started', 'stopping', 'done', 'stopped'],
      );
      const { completed, waiting, active } = await jobs.counts();
      assert.deepEqual([completed, waiting, active], [1, 1, 0]);
    });
  });
}

test('a worker stops when its server is away', { ...TIMEOUT, skip: SERVERS[0][1] }, async (context) => {
  const jobs = await LongJobs.submit(context, await redisServer(context, 'valkey-server'), 1);
  const worker = await jobs.worker(context, { lock: 2, grace: 1 });
  await jobs.begun();
  await jobs.server.kill();
  const began = performance.now();
  assert.equal(await worker.end('SIGTERM'), 0, worker.stderr);
  const seconds = (performance.now() - began) / 1000;
  assert.ok(seconds < 25, `it needed ${seconds} s`);
  context.diagnostic(`${seconds.toFixed(1)} s`);
  await jobs.server.start();
  await jobs.worker(context, { lock: 2 });
  assert.equal((await jobs.compress()).code, 0);
});
