/*
 * A PostgreSQL server for tests. It refuses to run as root, so root runs it as the user `postgres`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Skip } from '../needs.js';
import type { Certificates } from './certificates.js';
import { freePort, type Server } from './servers.js';

const DEBIAN = '/usr/lib/postgresql';

function programFolder(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort() : [];
  const folders = versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .filter((bin) => existsSync(join(bin, 'initdb')));
  return folders.at(-1) ?? null;
}

export function needsPostgres(): Skip {
  return programFolder() === null && `PostgreSQL is not installed in ${DEBIAN}`;
}

/**
 * Starts a server with an empty database `queue`.
 * @param tls for connections with TLS
 */
export async function postgresServer(
  context: Pick<TestContext, 'after'>,
  tls: Certificates | null = null,
): Promise<Server> {
  const bin = programFolder() ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-postgres-'));
  const user = userToRun();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'queue', '-A', 'trust', '-N'], { ...user, stdio: 'ignore' });
  const port = await freePort();
  const options = [
    ...['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F'],
    ...tlsOptions(folder, tls, user),
  ];
  const client = ['-h', '127.0.0.1', '-p', String(port), '-U', 'queue'];
  let child: ChildProcess | null = null;
  const server: Server = {
    url: `postgres://queue@127.0.0.1:${port}/queue${tls ? '?sslmode=verify-full' : ''}`,
    pid: () => child?.pid,
    async start() {
      for (const until = performance.now() + 30_000; performance.now() < until; await delay(100)) {
        // It ends at once while processes of a killed server still run.
        if (!isRunning(child)) child = spawn(join(bin, 'postgres'), options, { ...user, stdio: 'ignore' });
        if (spawnSync(join(bin, 'pg_isready'), client).status === 0) return;
      }
      throw new Error('PostgreSQL does not start');
    },
    async kill(signal = 'SIGKILL') {
      const ended = child;
      child = null;
      if (!ended || !isRunning(ended)) return;
      ended.kill(signal);
      await once(ended, 'exit');
    },
  };
  context.after(async () => {
    await server.kill('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  execFileSync(join(bin, 'createdb'), [...client, 'queue']);
  return server;
}

/** Copies certificate and key: the key must belong to the user of the server, and be secret. */
function tlsOptions(folder: string, tls: Certificates | null, { uid, gid }: User): string[] {
  if (!tls) return [];
  const [certificate, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  copyFileSync(tls.certificate, certificate);
  copyFileSync(tls.key, key);
  chmodSync(key, 0o600);
  if (uid !== undefined) for (const path of [certificate, key]) chownSync(path, uid, gid);
  return ['-c', 'ssl=on', '-c', `ssl_cert_file=${certificate}`, '-c', `ssl_key_file=${key}`];
}

function isRunning(child: ChildProcess | null): boolean {
  return child !== null && child.exitCode === null && child.signalCode === null;
}

type User = { readonly uid?: undefined; readonly gid?: undefined } | { readonly uid: number; readonly gid: number };

function userToRun(): User {
  if (process.getuid?.() !== 0) return {};
  const id = (option: string): number => Number(execFileSync('id', [option, 'postgres']).toString());
  return { uid: id('-u'), gid: id('-g') };
}
