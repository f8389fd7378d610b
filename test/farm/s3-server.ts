/*
 * An S3 server for tests: Moto, and a proxy that can fail or delay requests.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { needsProgram, type Skip } from '../needs.js';
import { answers, freePort } from './servers.js';

/** PyPI's `moto[server]`. */
const MOTO = process.env['PIXRNN_MOTO_SERVER'] ?? 'moto_server';

export function needsS3(): Skip {
  return (
    needsProgram(MOTO, '--help') && `${MOTO} is not installed (PIXRNN_MOTO_SERVER names the one of PyPI's moto[server])`
  );
}

export interface S3Server {
  readonly url: string;
  /** Called for each request: null, or how it fails. */
  disturb: () => S3Fault | null;
}

/** How a request fails. */
export interface S3Fault {
  readonly status?: number;
  /** Whether the request is done nevertheless. */
  readonly isDone?: boolean;
  /** Delay of the answer. */
  readonly milliseconds?: number;
}

/** Starts a server, and sets the environment for its clients until the test ends. */
export async function s3Server(context: Pick<TestContext, 'after'>): Promise<S3Server> {
  const port = await freePort();
  const child = spawn(MOTO, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const proxy = createServer();
  const server: S3Server = { url: '', disturb: () => null };
  proxy.on('request', (request, response) => {
    const { status, isDone = false, milliseconds = 0 } = server.disturb() ?? {};
    const refuse = (code: number): void => {
      response.writeHead(code, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${code === 503 ? 'SlowDown' : 'InternalError'}</Code></Error>`);
    };
    setTimeout(() => {
      if (status !== undefined && !isDone) {
        request.resume();
        refuse(status);
        return;
      }
      const { method = 'GET', url: path = '/', headers } = request;
      const forwarded = send({ port, host: '127.0.0.1', method, path, headers }, (answer) => {
        if (status !== undefined) {
          answer.resume();
          refuse(status);
          return;
        }
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      forwarded.on('error', () => response.destroy());
      request.pipe(forwarded);
    }, milliseconds);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const environment = {
    ...{ AWS_ENDPOINT_URL: url, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'secret' },
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  context.after(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    proxy.closeAllConnections();
    proxy.close();
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  await answers(port);
  return Object.assign(server, { url });
}

/** Creates the bucket `bucket`, and returns a client. */
export async function createBucket(url: string): Promise<S3Client> {
  const client = new S3Client({ endpoint: url, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  return client;
}
