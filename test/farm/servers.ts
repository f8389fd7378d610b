/*
 * Real servers for tests: started on a free port of the loopback, with their data in a temporary folder, and stopped after the test.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { needsProgram, type Skip } from '../needs.js';
import type { Certificates } from './certificates.js';

/** A server that can be killed and started again with the same data. */
export interface Server {
  readonly url: string;
  /** Process id. */
  pid: () => number | undefined;
  kill: (signal?: NodeJS.Signals) => Promise<void>;
  start: () => Promise<void>;
  /** Kills it as a power failure does: what it wrote to its log in the last second is lost. Absent if it loses nothing. */
  readonly loseSecond?: () => Promise<void>;
}

/** Programs with the protocol of Redis. */
export type RedisProgram = 'valkey-server' | 'redis-server';

export function needsServer(program: RedisProgram): Skip {
  return needsProgram(program, '--version');
}

/**
 * Starts a server that appends every command to a file, which it flushes every second.
 * @param tls for connections with TLS only
 */
export async function redisServer(
  context: Pick<TestContext, 'after'>,
  program: RedisProgram,
  tls: Certificates | null = null,
): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-farm-'));
  const port = await freePort();
  const ports = tls
    ? [
        ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
        ...['--tls-cert-file', tls.certificate, '--tls-key-file', tls.key, '--tls-ca-cert-file', tls.authority],
      ]
    : ['--port', String(port)];
  const options = [...ports, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
  let child: ChildProcess | null = null;
  const server: Server = {
    url: `${tls ? 'rediss' : 'redis'}://127.0.0.1:${port}/0`,
    pid: () => child?.pid,
    async start() {
      child = spawn(program, options, { stdio: 'ignore' });
      await answers(port);
    },
    async kill(signal = 'SIGKILL') {
      const ended = child;
      child = null;
      if (ended === null || ended.exitCode !== null || ended.signalCode !== null) return;
      ended.kill(signal);
      await once(ended, 'exit');
    },
    async loseSecond() {
      const before = logsIn(folder).map((path) => [path, statSync(path).size] as const);
      await delay(1000);
      await server.kill();
      for (const [path, size] of before) if (existsSync(path)) truncateSync(path, size);
    },
  };
  context.after(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}

/** Returns the append-only files below the folder of a server. */
function logsIn(folder: string): string[] {
  const logs = join(folder, 'appendonlydir');
  return readdirSync(logs)
    .filter((name) => name.endsWith('.aof'))
    .map((name) => join(logs, name));
}

/** Returns a port of the loopback that nothing uses. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until something accepts connections. */
export async function answers(port: number, seconds = 20): Promise<void> {
  for (const until = performance.now() + 1000 * seconds; performance.now() < until; await delay(25)) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
  }
  throw new Error(`nothing answers on port ${port}`);
}
