/*
 * Workers of another version of the format, or without the model, next to workers that can do the job.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FORMAT_VERSION } from '#pixrnn/codec/container.js';
import { mayDo } from '#pixrnn/farm/capability.js';
import { WorkerMetrics } from '#pixrnn/farm/metrics.js';
import { Refusal } from '#pixrnn/farm/queue/job-worker.js';
import { Refusals } from '#pixrnn/farm/refusals.js';
import { runOf } from '#pixrnn/farm/run.js';
import { FarmWorker } from '#pixrnn/farm/worker.js';
import { encodeModel } from '#pixrnn/model/model.js';
import { blobs } from '../../fixtures/draw.js';
import { tinyModel } from '../../fixtures/tiny-model.js';
import { Folder, jsonEvents } from '../cli/pixrnn.js';
import { needsPostgres, postgresServer } from './postgres-server.js';
import { needsServer, redisServer } from './servers.js';
import { type LogLine, TestWorker } from './workers.js';

const FILES = 12;

const SERVERS = [
  ['Valkey', needsServer('valkey-server'), (context: TestContext) => redisServer(context, 'valkey-server')],
  ['PostgreSQL', needsPostgres(), (context: TestContext) => postgresServer(context)],
] as const;

function images(context: TestContext): Folder {
  const folder = new Folder(context);
  mkdirSync(folder.at('in'));
  for (let i = 0; i < FILES; i++) folder.put(`in/${i}.png`, blobs({ width: 20, height: 16 + i }, i));
  folder.put('model.safetensors', encodeModel(tinyModel(3)));
  return folder;
}

/** Starts a worker of a version of the format in this process. */
async function workerOf(
  formatVersion: number,
  url: string,
  folder: Folder,
): Promise<{ log: LogLine[]; worker: FarmWorker }> {
  const log: LogLine[] = [];
  const worker = await FarmWorker.start({
    ...{ url: new URL(url), queueName: 'pixrnn', formatVersion, roots: [folder.path], models: [], splitPixels: 16e6 },
    ...{ threads: 1, jobs: 2, lockSeconds: 30, metrics: new WorkerMetrics() },
    log: (event, fields) => log.push({ ...fields, event }),
  });
  return { log, worker };
}

function count(log: readonly LogLine[], event: string): number {
  return log.filter((line) => line.event === event).length;
}

for (const [name, skip, start] of SERVERS) {
  test(
    `${name}: workers that cannot do a run leave it to one that can`,
    { skip, timeout: 240_000 },
    async (context) => {
      const [{ url }, folder] = [await start(context), images(context)];
      const [other, without] = [
        await workerOf(FORMAT_VERSION + 1, url, folder),
        await workerOf(FORMAT_VERSION, url, folder),
      ];
      try {
        const counts = await compareWorkers(context, url, folder, other.log, without.log);
        context.diagnostic(`refusals: ${counts.join(' and ')}`);
      } finally {
        // Before the server ends.
        await Promise.all([other.worker.stop(0), without.worker.stop(0)]);
      }
    },
  );
}

/** Runs a job that neither a worker of another version nor one without its model can do. Returns their numbers of refusals. */
async function compareWorkers(
  context: TestContext,
  url: string,
  folder: Folder,
  other: readonly LogLine[],
  without: readonly LogLine[],
): Promise<readonly [number, number]> {
  const options = ['--model', 'model.safetensors', '--pixels'];
  await folder.run(['compress', '-rq', 'in', '--out-dir', 'right', ...options]);
  const compress = ['compress', '-r', 'in', '--out-dir', 'out', ...options, '--queue', url];
  const submitted = await folder.run([...compress, '--detach']);
  assert.equal(submitted.code, 0, submitted.stderr);
  await delay(8000);
  // Each rests 1, 2 and 4 s, and takes as many jobs at a time as it may.
  for (const log of [other, without]) {
    assert.ok(count(log, 'refused') >= 2, 'it has refused');
    assert.ok(count(log, 'refused') <= 10, `${count(log, 'refused')} refusals in 8 s`);
    assert.equal(count(log, 'failed'), 0);
  }
  const why = (log: readonly LogLine[]): unknown => log.find(({ event }) => event === 'refused')?.['message'];
  assert.match(why(other) as string, /its version of the format is 1, that of this worker 2/);
  assert.match(why(without) as string, /no worker has its model/);

  const model = ['--model', folder.at('model.safetensors')];
  const able = await TestWorker.start(context, url, ['--root', folder.path, ...model]);
  const run = await folder.run(compress);
  assert.equal(run.code, 0, run.stderr);
  assert.deepEqual(folder.contents('out'), folder.contents('right'));
  assert.equal(count(able.log, 'done'), FILES);
  await able.end('SIGTERM');

  // What it can do, a worker that has refused still does.
  const usual = await folder.run(['compress', '-r', 'in', '--out-dir', 'usual', '-e', '1', '--queue', url]);
  assert.equal(usual.code, 0, usual.stderr);
  assert.equal(count(without, 'done'), FILES);
  const [status] = jsonEvents((await folder.run(['queue', 'status', '--queue', url, '--json'])).stdout);
  assert.equal((status?.['jobs'] as Record<string, number>)['failed'], 0);
  return [count(other, 'refused'), count(without, 'refused')];
}

test('a job is refused as long as a worker for it is connected, otherwise for a time', async () => {
  const model = { name: 'm', id: '0123456789abcdef' };
  const [plain, named] = [runOf('compress', '/in', '/out', {}), runOf('compress', '/in', '/out', { model })];
  const shipped = 14;
  for (const [name, run, own, expected] of [
    [`${FORMAT_VERSION}.${shipped}`, plain, FORMAT_VERSION + 1, true],
    [`${FORMAT_VERSION + 1}.${shipped}`, plain, FORMAT_VERSION + 1, false],
    [`${FORMAT_VERSION}.${shipped}`, named, FORMAT_VERSION, false],
    [`${FORMAT_VERSION}.${shipped}.${model.id}`, named, FORMAT_VERSION, true],
    [`${FORMAT_VERSION + 1}.${shipped}.${model.id}`, named, FORMAT_VERSION, false],
    [`${FORMAT_VERSION}.99`, named, FORMAT_VERSION, true],
    ['', plain, FORMAT_VERSION + 1, false],
  ] as const) {
    assert.equal(mayDo(name, run, own), expected, name);
  }
  let names: string[] = [];
  const refusals = new Refusals(FORMAT_VERSION + 1, () => Promise.resolve(names), 50);
  const error = new Error('another version');
  assert.ok((await refusals.refusal(plain, error)) instanceof Refusal);
  await delay(60);
  names = [`${FORMAT_VERSION}.${shipped}`];
  assert.ok((await refusals.refusal(plain, error)) instanceof Refusal);
  names = [];
  assert.ok((await refusals.refusal(plain, error)) instanceof Refusal);
  await delay(60);
  assert.equal(await refusals.refusal(plain, error), error);
});
