import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from './cleanup.js';

/** Keys in an answer, as many as S3 sends. */
const PAGE = 1000;

/**
 * Serves the listing of a bucket with any number of objects, in the protocol of S3, and holds none of them. Returns the environment for its
 * clients.
 */
export async function listingServer(
  context: Context,
  count: number,
  nameOf: (index: number) => string,
): Promise<NodeJS.ProcessEnv> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method !== 'GET' || searchParams.get('list-type') !== '2') {
      response.writeHead(404).end();
      return;
    }
    const start = Number(searchParams.get('continuation-token') ?? 0);
    const end = Math.min(count, start + PAGE);
    const keys = Array.from({ length: end - start }, (_, i) => {
      const key = `${searchParams.get('prefix') ?? ''}${nameOf(start + i)}`;
      return `<Contents><Key>${key}</Key><Size>1000000</Size><ETag>"${String(start + i).padStart(32, '0')}"</ETag></Contents>`;
    });
    const more = end < count ? `<NextContinuationToken>${end}</NextContinuationToken>` : '';
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<ListBucketResult><IsTruncated>${end < count}</IsTruncated>${more}${keys.join('')}</ListBucketResult>`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'secret' },
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
