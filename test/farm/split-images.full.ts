/*
 * Large images, whose tiles are jobs of their own.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { encodePng } from '../../fixtures/png.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { Folder, jsonEvents } from '../cli/pixrnn.js';
import { needsServer, redisServer } from './servers.js';
import { TestWorker } from './workers.js';

const options = { timeout: 120_000, skip: needsServer('valkey-server') };

test(
  'the tiles of a large image are coded by all workers, and its bytes are those of one process',
  options,
  async (context) => {
    const [{ url }, folder] = [await redisServer(context, 'valkey-server'), new Folder(context)];
    mkdirSync(folder.at('in'));
    const gray = blobs({ width: 1100, height: 60, channels: 1 }, 3);
    folder.put('in/gray.png', gray);
    folder.put('in/rgb.png', blobs({ width: 1200, height: 40 }, 4));
    folder.put('in/noise.png', noise({ width: 1050, height: 20 }));
    const { samples } = blobs({ width: 1040, height: 24, channels: 4 }, 5);
    folder.put('in/alpha.png', encodePng({ width: 1040, height: 24, bitDepth: 8, colourType: 6, rows: samples }));
    folder.put('in/small.png', blobs({ width: 40, height: 40 }, 6));
    const compress = ['compress', '-rq', 'in', '-e', '2', '--out-dir'];
    assert.equal((await folder.run([...compress, 'right'])).code, 0);
    const start = (): Promise<TestWorker> =>
      TestWorker.start(context, url, ['--root', folder.path, '--split', '0', '--lock', '3']);
    const workers = await Promise.all([start(), start()]);
    const kill = workers[0]
      ?.logs((line) => line['tile'] !== undefined)
      .then(async () => {
        await workers[0]?.end('SIGKILL');
        workers[0] = await start();
      });
    const run = await folder.run([...compress, 'out', '--queue', url, '--json']);
    assert.equal(run.code, 0, run.stderr);
    await kill;
    assert.deepEqual(folder.contents('out'), folder.contents('right'));
    assert.deepEqual(readdirSync(folder.at('out')), readdirSync(folder.at('right')), 'no bands are left');
    const tiles = workers.map(
      ({ log }) => log.filter(({ event, tile }) => event === 'done' && tile !== undefined).length,
    );
    assert.ok(
      (tiles[1] ?? 0) > 0 && tiles.reduce((sum, count) => sum + count, 0) >= 7,
      `tiles by worker: ${tiles.join(', ')}`,
    );
    const [status] = jsonEvents((await folder.run(['queue', 'status', '--queue', url, '--json'])).stdout);
    assert.deepEqual(status?.['jobs'], { waiting: 0, active: 0, delayed: 0, completed: 5, failed: 0 });
  },
);
