/*
 * What goes wrong during a disturbed run.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { S3Fault, S3Server } from './s3-server.js';
import type { Server } from './servers.js';
import type { TestWorker } from './workers.js';

export const LOCK_SECONDS = 3;
const DISK_KIBIBYTES = 8192;
/** Requests to S3 that are answered slowly wait this long. */
const SLOW_MILLISECONDS = 1500;

/** What a disturbance may disturb. */
export interface Disturbed {
  readonly server: Server;
  /** Null without S3. */
  readonly s3: S3Server | null;
  /** A small file system; null where none could be mounted, or where the results are in a bucket. */
  readonly disk: string | null;
  readonly workers: TestWorker[];
  readonly start: () => Promise<TestWorker>;
}

type Action = (disturbed: Disturbed, milliseconds: number, at: number) => Promise<void>;

const ACTIONS = {
  'kill a worker': async ({ workers, start }, _, at) => {
    await workers[at]?.end('SIGKILL');
    workers[at] = await start();
  },
  'kill the server': async ({ server }, milliseconds) => {
    await server.kill();
    await delay(milliseconds);
    await server.start();
  },
  'the server forgets a second': async ({ server }, milliseconds) => {
    await server.loseSecond?.();
    await delay(milliseconds);
    await server.start();
  },
  'cut off a worker': async ({ workers }, milliseconds, at) => {
    const worker = workers[at];
    worker?.child.kill('SIGSTOP');
    await delay(1000 * LOCK_SECONDS + milliseconds);
    worker?.child.kill('SIGCONT');
  },
  'fill the disk': async ({ disk }, milliseconds) => {
    const filler = join(disk ?? '', 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k', `count=${DISK_KIBIBYTES}`], { stdio: 'ignore' });
    await delay(milliseconds);
    rmSync(filler);
  },
  'S3 answers 500': (disturbed, milliseconds) => disturbS3(disturbed, { status: 500 }, milliseconds),
  'S3 answers 500 to what it did': (disturbed, milliseconds) =>
    disturbS3(disturbed, { status: 500, isDone: true }, milliseconds),
  'S3 answers 503': (disturbed, milliseconds) => disturbS3(disturbed, { status: 503 }, milliseconds),
  'S3 is slow': (disturbed, milliseconds) => disturbS3(disturbed, { milliseconds: SLOW_MILLISECONDS }, milliseconds),
} as const satisfies Record<string, Action>;

export type Kind = keyof typeof ACTIONS;

/** Returns the kinds of disturbances that are possible. */
export function kindsOf({ server, s3, disk }: Disturbed): Kind[] {
  return (Object.keys(ACTIONS) as Kind[]).filter(
    (kind) =>
      (s3 !== null || !kind.startsWith('S3')) &&
      (disk !== null || kind !== 'fill the disk') &&
      (server.loseSecond !== undefined || kind !== 'the server forgets a second'),
  );
}

/** @param at index of the worker that it is done to */
export async function disturb(kind: Kind, disturbed: Disturbed, milliseconds: number, at: number): Promise<void> {
  await ACTIONS[kind](disturbed, milliseconds, at);
}

/** S3 is disturbed for longer, because its clients try again for some seconds. */
async function disturbS3({ s3 }: Disturbed, fault: S3Fault, milliseconds: number): Promise<void> {
  if (!s3) return;
  s3.disturb = () => fault;
  await delay(2 * milliseconds);
  s3.disturb = () => null;
}

/** Mounts a small file system in memory at a folder; returns null where that is not allowed. */
export function mountDisk(context: Pick<TestContext, 'after'>, folder: string): string | null {
  mkdirSync(folder);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KIBIBYTES}k`, 'tmpfs', folder]);
  if (status !== 0) return null;
  context.after(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}
