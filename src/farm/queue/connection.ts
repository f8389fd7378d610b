import type { BackendFactory, ConnectionOptions, IQueueBackend, QueueOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { PixrnnError } from '../../errors.js';
import { loadOptional } from '../../node/optional-package.js';
import { POSTGRES_QUEUE, REDIS_QUEUE } from '../farm-packages.js';
import { displayUrl } from './queue-url.js';

/*
 * Connections of BullMQ (https://docs.bullmq.io), which is loaded only here.
 */

export type BullMq = typeof import('bullmq');

/** What each class of BullMQ is constructed with. */
export interface Connection {
  readonly bullmq: BullMq;
  readonly options: QueueOptions;
  readonly backend: BackendFactory<IQueueBackend>;
  /** Must be called after the object that uses the connection is closed. */
  readonly close: () => void;
}

/** It has no types, and BullMQ imports it itself: only its absence matters here. */
const POSTGRES_DRIVER: string = 'pg';
const KEY_PREFIX = 'pixrnn';
/** Seconds to wait for the first connection. */
const CONNECT_SECONDS = 5;
/** Milliseconds between attempts to connect again. */
const MAX_RECONNECT_DELAY = 2000;

/**
 * Opens a connection.
 * @throws PixrnnError 'usage' if a package is missing or nothing answers
 */
export async function connect(url: URL): Promise<Connection> {
  return url.protocol.startsWith('postgres') ? connectPostgres(url) : connectRedis(url);
}

async function connectRedis(url: URL): Promise<Connection> {
  const [bullmq, { Redis: Client }] = await loadOptional(REDIS_QUEUE, () =>
    Promise.all([import('bullmq'), import('ioredis')]),
  );
  const client = new Client(url.href, {
    maxRetriesPerRequest: null, // a worker outlives a restart of the server
    retryStrategy: (times) => Math.min(100 * times, MAX_RECONNECT_DELAY),
    lazyConnect: true,
  });
  await requireAnswer(client, url);
  return {
    bullmq,
    options: { connection: client, prefix: KEY_PREFIX },
    backend: bullmq.createRedisBackend,
    close: () => client.disconnect(),
  };
}

async function requireAnswer(client: Redis, url: URL): Promise<void> {
  const failure = new Promise<never>((_, reject) => {
    let last = new Error('no answer');
    client.on('error', (error) => {
      // without a listener, an error would end the process
      last = error;
      if (isUntrusted(error)) reject(error); // no other attempt will change that
    });
    setTimeout(() => reject(last), 1000 * CONNECT_SECONDS).unref();
  });
  try {
    client.connect().catch(() => undefined); // it is retried
    await Promise.race([client.ping(), failure]);
  } catch (cause) {
    // Disconnected in a TLS handshake, a socket may report several errors; ioredis listens to the first.
    client.stream?.on('error', () => undefined);
    client.disconnect();
    throw unreachable(url, cause);
  }
}

async function connectPostgres(url: URL): Promise<Connection> {
  const [bullmq] = await loadOptional(POSTGRES_QUEUE, () => Promise.all([import('bullmq'), import(POSTGRES_DRIVER)]));
  // Creates the tables, or brings those of an older BullMQ up to date.
  const connection = { connectionString: url.href, schema: KEY_PREFIX, migrate: true } as ConnectionOptions;
  return {
    bullmq,
    options: { connection },
    backend: bullmq.createPostgresBackend as unknown as BackendFactory<IQueueBackend>,
    close: () => undefined,
  };
}

/** Codes of OpenSSL for certificates that were checked and rejected, or of Node.js for those of another host. */
const UNTRUSTED = /CERT|SELF_SIGNED|ISSUER|UNABLE_TO_VERIFY/;

function isUntrusted(cause: unknown): boolean {
  return UNTRUSTED.test(String((cause as { code?: unknown } | null)?.code));
}

/** Returns the error for a server that does not answer, or whose certificate is not trusted. */
export function unreachable(url: URL, cause: unknown): PixrnnError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (isUntrusted(cause)) {
    const what = `the certificate of the queue ${displayUrl(url)} is not trusted (${reason})`;
    return new PixrnnError('usage', `${what}. Set NODE_EXTRA_CA_CERTS to the file with its authority.`, { cause });
  }
  return new PixrnnError('usage', `the queue ${displayUrl(url)} does not answer (${reason}). Check its URL.`, {
    cause,
  });
}
