import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PixrnnError } from '../errors.js';

/** A running server. */
export interface HealthServer {
  readonly port: number;
  readonly close: () => void;
}

/**
 * Serves `/metrics` for Prometheus and `/healthz`, which answers 200 while the worker runs and 503 while it stops.
 * @param port 0: any free port
 * @throws PixrnnError 'usage' if the address cannot be used
 */
export async function serveHealth(
  { host, port }: { readonly host: string; readonly port: number },
  { metrics, isHealthy }: { readonly metrics: () => string; readonly isHealthy: () => boolean },
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const send = (status: number, type: string, text: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
    };
    if (request.method !== 'GET') send(405, 'text/plain', 'use GET\n');
    else if (request.url === '/metrics') send(200, 'text/plain; version=0.0.4', metrics());
    else if (request.url === '/healthz')
      send(isHealthy() ? 200 : 503, 'text/plain', isHealthy() ? 'ok\n' : 'stopping\n');
    else send(404, 'text/plain', 'not found\n');
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((cause: unknown) => {
    const what = `metrics cannot be served on ${host}:${port} (${(cause as Error).message})`;
    throw new PixrnnError('usage', `${what}. Use another --metrics-port.`, { cause });
  });
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
