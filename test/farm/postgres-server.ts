/*
 * A PostgreSQL server for tests. It refuses to run as root, so root runs it as the user `postgres`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Skip } from '../needs.js';
import { answers, freePort } from './servers.js';

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

/** Starts a server with an empty database `queue`, and returns its URL. */
export async function postgresServer(context: Pick<TestContext, 'after'>): Promise<{ readonly url: string }> {
  const bin = programFolder() ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-postgres-'));
  const user = userToRun();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'queue', '-A', 'trust', '-N'], { ...user, stdio: 'ignore' });
  const port = await freePort();
  const options = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F'];
  const child: ChildProcess = spawn(join(bin, 'postgres'), options, { ...user, stdio: 'ignore' });
  context.after(async () => {
    child.kill('SIGINT');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });
  await answers(port);
  const create = ['-h', '127.0.0.1', '-p', String(port), '-U', 'queue', 'queue'];
  for (let i = 0; spawnSync(join(bin, 'createdb'), create).status !== 0; i++) {
    if (i === 40) throw new Error('the database cannot be created');
    await new Promise((resolve) => setTimeout(resolve, 250)); // it is starting up
  }
  return { url: `postgres://queue@127.0.0.1:${port}/queue` };
}

function userToRun(): { readonly uid?: undefined } | { readonly uid: number; readonly gid: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (option: string): number => Number(execFileSync('id', [option, 'postgres']).toString());
  return { uid: id('-u'), gid: id('-g') };
}
