// @ts-check
// An HTTP server that compresses the image in the body of a POST request:
//   node examples/http-server.js 8080
//   curl --data-binary @photo.png http://localhost:8080/ -o photo.prnn
import { createServer } from 'node:http';
import { Codec, PixrnnError } from 'pixrnn';

const [port = '8080'] = process.argv.slice(2);
const MAX_BYTES = 50_000_000;

/** @type {Partial<Record<import('pixrnn').ErrorCode, number>>} */
const STATUS = { limit: 413, 'input-unsupported': 415, 'input-unreadable': 400 };

// Two threads code for all clients; further requests queue. The event loop stays free.
const codec = new Codec({ threads: 2 });

const server = createServer(async (request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'POST' }).end();
    return;
  }
  if (Number(request.headers['content-length']) > MAX_BYTES) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort()); // stop when the client disconnects
  try {
    const { bytes, modelName } = await codec.compress(request, {
      effort: 1,
      maxInputBytes: MAX_BYTES, // applies even without a Content-Length
      maxPixels: 20_000_000,
      signal: gone.signal,
    });
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'x-pixrnn-model': modelName }).end(bytes);
  } catch (error) {
    if (gone.signal.aborted) return;
    const status = (error instanceof PixrnnError && STATUS[error.code]) || 500;
    if (status === 500) console.error(error);
    response.writeHead(status, { 'content-type': 'text/plain' });
    response.end(status === 500 ? 'internal server error' : /** @type {Error} */ (error).message);
  }
});

server.listen(Number(port), () => {
  const address = server.address();
  console.log(`listening on port ${typeof address === 'object' ? address?.port : address}`);
});

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void codec.close();
});
