/*
 * Buckets as sources and targets.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { openStorage } from '#pixrnn/farm/open-storage.js';
import type { Storage } from '#pixrnn/farm/storage.js';
import { blobs, generator } from '../../fixtures/draw.js';
import { Folder } from '../cli/pixrnn.js';
import { createBucket, needsS3, s3Server } from './s3-server.js';
import { needsServer, redisServer } from './servers.js';
import { TestWorker } from './workers.js';

const options = { timeout: 120_000, skip: needsS3() || needsServer('valkey-server') };
const BYTES = Uint8Array.of(1, 2, 3);

async function namesIn(storage: Storage): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of storage.list(() => true)) names.push(name);
  return names.sort();
}

test(
  'objects are listed in pages, read with their versions, and written only if they are new',
  options,
  async (context) => {
    const { url } = await s3Server(context);
    const client = await createBucket(url);
    const storage = await openStorage('s3://bucket/deep/prefix');
    context.after(() => {
      storage.close();
      client.destroy();
    });
    const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: BYTES }));
    const keys = Array.from({ length: 1005 }, (_, i) => `a/${i}.png`);
    for (let i = 0; i < keys.length; i += 50)
      await Promise.all(keys.slice(i, i + 50).map((key) => put(`deep/prefix/${key}`)));
    await put('deep/prefix2/other.png');
    await put('deep/prefix/.hidden/x.png');
    assert.deepEqual(await namesIn(storage), keys.sort());

    assert.equal(await storage.write('b.prnn', BYTES, { replace: false }), 'written');
    assert.equal(await storage.write('b.prnn', Uint8Array.of(9), { replace: false }), 'exists');
    const { bytes, version } = await storage.read('b.prnn');
    assert.deepEqual([...bytes], [1, 2, 3]);
    assert.equal((await storage.find('b.prnn'))?.version, version);
    assert.equal(await storage.write('b.prnn', Uint8Array.of(9), { replace: true }), 'written');
    assert.notEqual((await storage.find('b.prnn'))?.version, version);
    await assert.rejects(storage.read('b.prnn', 0), { code: 'limit' });
    await storage.remove('b.prnn');
    assert.equal(await storage.find('b.prnn'), null);
    await assert.rejects(storage.read('b.prnn'), { code: 'input-unreadable' });
    await assert.rejects(storage.read('../secret'), { code: 'usage' });
    const none = await openStorage('s3://no-such-bucket');
    await assert.rejects(namesIn(none), { code: 'input-unreadable', message: /NoSuchBucket/ });
  },
);

test('a run over buckets survives errors and slow answers of the server', options, async (context) => {
  const [s3, queue, folder] = [
    await s3Server(context),
    await redisServer(context, 'valkey-server'),
    new Folder(context),
  ];
  const client = await createBucket(s3.url);
  context.after(() => client.destroy());
  mkdirSync(folder.at('in/deep'), { recursive: true });
  for (let i = 0; i < 8; i++) folder.put(`in/${i % 2 ? 'deep/' : ''}${i}.png`, blobs({ width: 18 + i, height: 20 }, i));
  folder.put('in/wide.png', blobs({ width: 1030, height: 16 }, 9));
  folder.put('in/bad.png', Buffer.from('no image'));
  await folder.run(['compress', '-rq', 'in', '--out-dir', 'right', '-e', '1']);
  for (const [name, Body] of Object.entries(folder.contents('in'))) {
    await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: `in/${name}`, Body }));
  }
  const random = generator(3);
  s3.disturb = () => {
    const at = random();
    return at < 0.1 ? { status: 500 } : at < 0.2 ? { status: 503 } : at < 0.3 ? { milliseconds: 300 } : null;
  };
  await TestWorker.start(context, queue.url, ['--root', 's3://bucket', '--split', '0']);
  const run = await folder.spawn([
    'compress',
    '-r',
    's3://bucket/in',
    '--out-dir',
    's3://bucket/out',
    '-e',
    '1',
    '--queue',
    queue.url,
  ]);
  assert.equal(run.code, 3, run.stderr);
  assert.match(run.stderr, /10 files: 9 compressed, 1 failed \(1 input-unsupported\)/);
  s3.disturb = () => null;
  const out = await openStorage('s3://bucket/out');
  context.after(() => out.close());
  const right = folder.contents('right');
  assert.deepEqual(await namesIn(out), Object.keys(right).sort());
  for (const [name, bytes] of Object.entries(right))
    assert.deepEqual(Buffer.from((await out.read(name)).bytes), bytes, name);
  const restored = await folder.run([
    'decompress',
    '-r',
    's3://bucket/out',
    '--out-dir',
    's3://bucket/back',
    '--queue',
    queue.url,
  ]);
  assert.equal(restored.code, 0, restored.stderr);
  const outside = await folder.run(['verify', '-r', 's3://other', '--queue', queue.url]);
  assert.equal(outside.code, 3, outside.stderr);
});
