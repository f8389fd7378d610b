/*
 * Runs over directories, against real servers and with workers in processes of their own.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { type TestContext, describe, test } from 'node:test';
import { blobs } from '../../fixtures/draw.js';
import { cameraFile } from '../codec/jpeg-files.js';
import { Folder, jsonEvents, type Run } from '../cli/pixrnn.js';
import { needsPostgres, postgresServer } from './postgres-server.js';
import { freePort, needsServer, redisServer } from './servers.js';
import { TestWorker } from './workers.js';

const SERVERS = [
  ['Valkey', needsServer('valkey-server'), (context: TestContext) => redisServer(context, 'valkey-server')],
  ['Redis', needsServer('redis-server'), (context: TestContext) => redisServer(context, 'redis-server')],
  ['PostgreSQL', needsPostgres(), (context: TestContext) => postgresServer(context)],
] as const;
const TIMEOUT = { timeout: 240_000 };

/** Writes images to `in`, and the outputs of one process to `right`; `bad.png` is no image. */
async function images(context: TestContext): Promise<Folder> {
  const folder = new Folder(context);
  mkdirSync(folder.at('in/deep'), { recursive: true });
  for (let i = 0; i < 6; i++) folder.put(`in/${i % 2 ? '' : 'deep/'}${i}.png`, blobs({ width: 20 + i, height: 16 }, i));
  folder.put('in/1.jpg', Buffer.from(await cameraFile(24, 24, 1)));
  utimesSync(folder.at('in/3.png'), 1e9, 1e9);
  folder.put('in/bad.png', Buffer.from('no image'));
  const local = await folder.run(['compress', '-rq', 'in', '--out-dir', 'right', '-e', '1']);
  assert.equal(local.code, 3);
  return folder;
}

function compress(folder: Folder, url: string, ...more: string[]): Promise<Run> {
  return folder.run(['compress', '-r', 'in', '--out-dir', 'out', '-e', '1', '--queue', url, '--json', ...more]);
}

function eventOf({ stdout }: Run, event: string): Record<string, unknown> {
  return jsonEvents(stdout).find((line) => line['event'] === event) ?? {};
}

for (const [name, skip, start] of SERVERS) {
  describe(name, { skip }, () => {
    test('a run writes the files of one process, and fails with its exit code', TIMEOUT, async (context) => {
      const [server, folder] = [await start(context), await images(context)];
      const root = ['--root', folder.path];
      await Promise.all([TestWorker.start(context, server.url, root), TestWorker.start(context, server.url, root)]);
      const run = await compress(folder, server.url);
      assert.equal(run.code, 3, run.stderr);
      assert.match(run.stderr, /^pixrnn: bad\.png: it is not an image file/);
      assert.deepEqual(folder.contents('out'), folder.contents('right'));
      assert.equal(statSync(folder.at('out/3.prnn')).mtimeMs, 1e12, 'times are kept');
      const { files, done, failed, causes } = eventOf(run, 'summary');
      assert.deepEqual([files, done, failed, causes], [8, 7, 1, { 'input-unsupported': 1 }]);

      const again = await compress(folder, server.url);
      assert.equal(again.code, 3);
      assert.equal(eventOf(again, 'submitted')['added'], 0, 'nothing is queued twice');

      const failed1 = await folder.run(['queue', 'failed', '--queue', server.url, '--json']);
      const [only, ...others] = jsonEvents(failed1.stdout);
      assert.deepEqual(
        [only?.['file'], only?.['code'], only?.['attempts'], others],
        ['bad.png', 'input-unsupported', 1, []],
      );

      const verified = await folder.run(['verify', '-r', 'out', '--full', '--queue', server.url]);
      assert.equal(verified.code, 0, verified.stderr);
      const restored = await folder.run(['decompress', '-r', 'out', '--out-dir', 'back', '--queue', server.url]);
      assert.equal(restored.code, 0, restored.stderr);
      const sources = folder.contents('in');
      delete sources['bad.png'];
      assert.deepEqual(folder.contents('back'), sources);
    });
  });
}

describe('runs', { skip: needsServer('valkey-server') }, () => {
  test('lost results are made again, and existing files are kept unless --force', TIMEOUT, async (context) => {
    const [{ url }, folder] = [await redisServer(context, 'valkey-server'), await images(context)];
    rmSync(folder.at('in/bad.png'));
    mkdirSync(folder.at('out'));
    folder.put('out/5.prnn', readFileSync(folder.at('right/5.prnn')));
    folder.put('out/3.prnn', Buffer.from('another file'));
    await TestWorker.start(context, url, ['--root', folder.path]);
    const run = await compress(folder, url);
    assert.equal(run.code, 6, run.stderr);
    assert.match(run.stderr, /^pixrnn: 3\.png: 3\.prnn already exists and differs/);
    assert.equal(readFileSync(folder.at('out/3.prnn'), 'utf8'), 'another file');

    const forced = await compress(folder, url, '--force');
    assert.equal(forced.code, 0, forced.stderr);
    assert.deepEqual(folder.contents('out'), folder.contents('right'));
    rmSync(folder.at('out/5.prnn'));
    const again = await compress(folder, url, '--force');
    assert.equal(eventOf(again, 'submitted')['added'], 1);
    assert.deepEqual(folder.contents('out'), folder.contents('right'));
  });

  test('two submitters share a run; a source that changes while it waits is noticed', TIMEOUT, async (context) => {
    const [{ url }, folder] = [await redisServer(context, 'valkey-server'), await images(context)];
    rmSync(folder.at('in/bad.png'));
    const detached = await compress(folder, url, '--detach');
    assert.equal(eventOf(detached, 'submitted')['added'], 7);
    const id = eventOf(detached, 'submitted')['run'] as string;
    folder.put('in/5.png', blobs({ width: 30, height: 30 }, 9));
    await folder.run(['compress', '-rq', 'in', '--out-dir', 'changed', '-e', '1']);
    await TestWorker.start(context, url, ['--root', folder.path]);
    const follow = ['compress', '--follow', id, '--json'];
    const [first, second] = await Promise.all([
      folder.spawn([...follow, '--queue', url]),
      folder.spawn(['compress', '-r', 'in', '--out-dir', 'out', '-e', '1', '--queue', url, '--json']),
    ]);
    assert.deepEqual([first.code, second.code], [0, 0], first.stderr + second.stderr);
    assert.deepEqual(folder.contents('out'), folder.contents('changed'));
  });

  test('two commands submit the same directory at once: each job runs once', TIMEOUT, async (context) => {
    const [{ url }, folder] = [await redisServer(context, 'valkey-server'), await images(context)];
    rmSync(folder.at('in/bad.png'));
    const worker = await TestWorker.start(context, url, ['--root', folder.path]);
    const submit = ['compress', '-r', 'in', '--out-dir', 'out', '-e', '1', '--queue', url];
    const both = await Promise.all([folder.spawn(submit), folder.spawn(submit)]);
    for (const { code, stderr } of both) assert.equal(code, 0, stderr);
    assert.deepEqual(folder.contents('out'), folder.contents('right'));
    assert.equal(worker.log.filter(({ event }) => event === 'done').length, 7);
  });

  test('Ctrl-C leaves a run, which goes on; its queue is paused and resumed', TIMEOUT, async (context) => {
    const [{ url }, folder] = [await redisServer(context, 'valkey-server'), await images(context)];
    rmSync(folder.at('in/bad.png'));
    const queue = async (...args: string[]): Promise<Record<string, unknown>> =>
      jsonEvents((await folder.run(['queue', ...args, '--queue', url, '--json'])).stdout)[0] ?? {};
    assert.equal((await queue('pause'))['paused'], true);
    await TestWorker.start(context, url, ['--root', folder.path]);
    const left = await folder.spawn(['compress', '-r', 'in', '--out-dir', 'out', '-e', '1', '--queue', url], {
      killWith: 'SIGINT',
      killAt: 'run ',
      wait: 500,
    });
    assert.equal(left.code, 130, left.stderr);
    const [, id = ''] = /--follow ([0-9a-f]+)"/.exec(left.stderr) ?? [];
    const status = await queue('status');
    assert.deepEqual((status['jobs'] as Record<string, number>)['waiting'], 7);
    assert.deepEqual(
      (status['runs'] as { run: string }[]).map(({ run }) => run),
      [id],
    );
    assert.equal((await queue('resume'))['paused'], false);
    const followed = await folder.run(['compress', '--follow', id, '--queue', url]);
    assert.equal(followed.code, 0, followed.stderr);
    assert.deepEqual(folder.contents('out'), folder.contents('right'));
  });

  test(
    'a worker opens nothing outside its roots; failed files are queued again by queue retry',
    TIMEOUT,
    async (context) => {
      const [{ url }, folder] = [await redisServer(context, 'valkey-server'), await images(context)];
      mkdirSync(folder.at('other'));
      const worker = await TestWorker.start(context, url, ['--root', folder.at('other')]);
      const run = await compress(folder, url);
      assert.equal(run.code, 2, run.stderr);
      assert.match(run.stderr, /outside the roots of this worker/);
      assert.deepEqual(folder.list(), ['in', 'other', 'right']);
      assert.equal(worker.log.filter(({ event }) => event === 'failed').length, 8);
      await worker.end('SIGTERM');

      await TestWorker.start(context, url, ['--root', folder.path]);
      assert.match((await folder.run(['queue', 'retry', '--queue', url])).stderr, /8 files queued again/);
      const retried = await compress(folder, url);
      assert.equal(retried.code, 3, retried.stderr);
      assert.deepEqual(folder.contents('out'), folder.contents('right'));
    },
  );

  test(
    'metrics and health are served while a worker runs, and its log has the same numbers',
    TIMEOUT,
    async (context) => {
      const [{ url }, folder] = [await redisServer(context, 'valkey-server'), await images(context)];
      const port = await freePort();
      const worker = await TestWorker.start(context, url, ['--root', folder.path, '--metrics-port', String(port)]);
      await compress(folder, url);
      const get = async (path: string): Promise<[number, string]> => {
        const response = await fetch(`http://127.0.0.1:${port}${path}`);
        return [response.status, await response.text()];
      };
      assert.deepEqual(await get('/healthz'), [200, 'ok\n']);
      assert.equal((await get('/other'))[0], 404);
      const [status, text] = await get('/metrics');
      assert.equal(status, 200);
      const metrics = new Map(
        text
          .split('\n')
          .filter((line) => line !== '' && !line.startsWith('#'))
          .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
      );
      const done = worker.log.filter(({ event }) => event === 'done');
      const sum = (name: string): number => done.reduce((total, line) => total + (line[name] as number), 0);
      const [bytes, read, samples] = [sum('bytes'), sum('sourceBytes'), sum('samples')];
      assert.ok(bytes > 0 && samples > 0);
      const { pixrnn_resident_memory_bytes: memory = 0, ...others } = Object.fromEntries(metrics);
      assert.ok(memory > 50e6 && memory < 5e9, `${memory} bytes`);
      const near = (value: number | undefined, expected: number): void => {
        assert.ok(Math.abs((value ?? 0) / expected - 1) < 1e-9, `${value} instead of ${expected}`);
      };
      near(others['pixrnn_job_seconds_total'], sum('seconds'));
      near(others['pixrnn_megapixels_total'], sum('pixels') / 1e6);
      near(others['pixrnn_bits_per_dim'], (8 * bytes) / samples);
      near(others['pixrnn_compression_ratio'], bytes / read);
      const exact = {
        'pixrnn_jobs_total{command="compress",status="done"}': 7,
        'pixrnn_failures_total{code="input-unsupported"}': 1,
        ...{ pixrnn_stalled_total: 0, pixrnn_active_jobs: 0, pixrnn_samples_total: samples },
        ...{ pixrnn_read_bytes_total: read, pixrnn_written_bytes_total: bytes },
      };
      for (const [name, value] of Object.entries(exact)) assert.equal(others[name], value, name);
      assert.equal(Object.keys(others).length, Object.keys(exact).length + 4);
      for (const name of metrics.keys())
        assert.match(text, new RegExp(`^# TYPE ${name.split('{', 1)[0]} (counter|gauge)$`, 'm'));

      // Each line is a JSON object, which TestWorker has parsed.
      assert.deepEqual([...new Set(worker.log.map(({ event }) => event))].sort(), ['done', 'failed', 'started']);
      for (const { time } of worker.log) assert.equal(new Date(time as string).toISOString(), time);
      assert.deepEqual(
        done.map(({ file, status: what }) => [file, what]).sort(),
        Object.keys(folder.contents('in'))
          .filter((file) => file !== 'bad.png')
          .map((file) => [file, 'done']),
      );
    },
  );

  test('no password is printed, and none is accepted as an argument', TIMEOUT, async (context) => {
    const folder = new Folder(context);
    mkdirSync(folder.at('in'));
    const secret = 'hunter2';
    const port = await freePort();
    const given = await folder.run(['queue', 'status', '--queue', `redis://:${secret}@127.0.0.1:${port}`]);
    assert.equal(given.code, 2);
    writeFileSync(folder.at('url'), `redis://:${secret}@127.0.0.1:${port}/0\n`);
    const before = process.env['PIXRNN_QUEUE_FILE'];
    process.env['PIXRNN_QUEUE_FILE'] = folder.at('url');
    context.after(() => {
      if (before === undefined) delete process.env['PIXRNN_QUEUE_FILE'];
      else process.env['PIXRNN_QUEUE_FILE'] = before;
    });
    const absent = await folder.run(['queue', 'status']);
    assert.equal(absent.code, 2);
    assert.match(absent.stderr, new RegExp(`redis://127.0.0.1:${port}/0 does not answer`));
    assert.doesNotMatch(given.stderr + absent.stderr, new RegExp(secret));
  });
});
