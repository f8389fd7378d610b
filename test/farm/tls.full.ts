/*
 * Queues over TLS, with an authority of the test's own.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { blobs } from '../../fixtures/draw.js';
import { Folder } from '../cli/pixrnn.js';
import { type Certificates, makeCertificates, needsOpenssl } from './certificates.js';
import { needsPostgres, postgresServer } from './postgres-server.js';
import { needsServer, redisServer } from './servers.js';
import { TestWorker } from './workers.js';

const PIXRNN = join(import.meta.dirname, '../../../bin/pixrnn.js');

const SERVERS = [
  [
    'Valkey',
    needsServer('valkey-server'),
    (context: TestContext, tls: Certificates) => redisServer(context, 'valkey-server', tls),
  ],
  ['PostgreSQL', needsPostgres(), (context: TestContext, tls: Certificates) => postgresServer(context, tls)],
] as const;

/** Runs a command whose process trusts an authority, or only those of Node.js. */
async function run(args: string[], url: string, authority: string | null): Promise<{ code: unknown; stderr: string }> {
  const env: NodeJS.ProcessEnv = { ...process.env, PIXRNN_QUEUE: url };
  if (authority === null) delete env['NODE_EXTRA_CA_CERTS'];
  else env['NODE_EXTRA_CA_CERTS'] = authority;
  const child = spawn(process.execPath, [PIXRNN, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const [code] = (await once(child, 'close')) as [unknown];
  return { code, stderr };
}

for (const [name, skip, start] of SERVERS) {
  test(`${name}: the certificate is checked`, { skip: skip || needsOpenssl(), timeout: 240_000 }, async (context) => {
    const [right, wrong] = [makeCertificates(context), makeCertificates(context)];
    const [{ url }, folder] = [await start(context, right), new Folder(context)];
    mkdirSync(folder.at('in'));
    folder.put('in/a.png', blobs({ width: 20, height: 16 }));
    assert.equal((await folder.run(['compress', '-rq', 'in', '--out-dir', 'right', '-e', '1'])).code, 0);
    await TestWorker.start(context, url, ['--root', folder.path], { NODE_EXTRA_CA_CERTS: right.authority });
    const compress = [
      'compress',
      '-r',
      folder.at('in'),
      '--out-dir',
      folder.at('out'),
      '-e',
      '1',
      '--queue-name',
      'pixrnn',
    ];
    const accepted = await run(compress, url, right.authority);
    assert.equal(accepted.code, 0, accepted.stderr);
    assert.deepEqual(folder.contents('out'), folder.contents('right'));

    for (const authority of [wrong.authority, null]) {
      const { code, stderr } = await run(['queue', 'status'], url, authority);
      assert.equal(code, 2, stderr);
      assert.match(
        stderr,
        /^pixrnn: the certificate of the queue \S+ is not trusted \(.+\)\. Set NODE_EXTRA_CA_CERTS to the file with its authority\.\n$/,
      );
    }
  });
}
