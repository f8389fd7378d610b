import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { decompress, readImage } from '#pixrnn/index.js';
import { encodeModel } from '#pixrnn/model/model.js';
import { tinyModel } from '../../fixtures/tiny-model.js';
import { rowsOf } from './files.js';
import { PNG, plainRaster, RASTER } from './images.js';

/*
 * The programs of examples/, run as a reader would.
 */

const EXAMPLES = join(import.meta.dirname, '../../../examples');
const folder = mkdtempSync(join(tmpdir(), 'pixrnn-examples-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = promisify(execFile);
const tried = new Set<string>();

/** Runs an example in the folder to its end; returns its standard output. */
async function example(name: string, ...args: string[]): Promise<string> {
  tried.add(name);
  const { stdout, stderr } = await run(process.execPath, [join(EXAMPLES, name), ...args], {
    cwd: folder,
    timeout: 120_000,
  });
  assert.equal(stderr, '');
  return stdout;
}

const image = async (name: string) => (await readImage(readFileSync(join(folder, name)))).raster;

describe('the examples', () => {
  before(async () => {
    writeFileSync(join(folder, 'photo.png'), PNG);
    const output = await example('compress.js', 'photo.png', 'photo.prnn');
    assert.match(output, /^photo\.prnn: \d+ bytes, \d\.\d{3} bits\/dim with photo-rgb-small\n$/);
  });

  it('compress.js writes a file that decompress.js restores the image from', async () => {
    assert.equal(await example('decompress.js', 'photo.prnn', 'again.png'), 'again.png: 48 x 36\n');
    assert.deepEqual(await image('again.png'), plainRaster(RASTER));
  });

  it('decompress.js prints the code of the error', async () => {
    const failing = run(process.execPath, [join(EXAMPLES, 'decompress.js'), 'photo.png', 'a.png'], { cwd: folder });
    await assert.rejects(failing, ({ code, stderr }: { code?: number; stderr?: string }) => {
      assert.equal(code, 1);
      return /^photo\.png: .+ \(input-unsupported\)\n$/.test(stderr ?? '');
    });
  });

  it('rows.js restores rows', async () => {
    const output = await example('rows.js', 'photo.prnn', '10', '15', 'rows.png');
    assert.equal(output, 'photo.prnn: 48 x 36 RGB, 8 bits per sample, 1 tiles\nrows.png: 48 x 5\n');
    assert.deepEqual(await image('rows.png'), plainRaster(rowsOf(RASTER, 10, 15)));
  });

  it('progress-and-abort.js prints its progress, or aborts', async () => {
    const output = await example('progress-and-abort.js', 'photo.png', '100');
    assert.match(output, /^(\d0 %\n)*100 %\ndone: \d+ bytes\n$/);
    assert.match(await example('progress-and-abort.js', 'photo.png', '0'), /^aborted: .*timeout/);
  });

  it('bits-per-pixel.js draws the bits of each pixel', async () => {
    const output = await example('bits-per-pixel.js', 'photo.png', 'map.png');
    assert.match(
      output,
      /^photo\.png: \d\.\d{3} bits\/dim by the model's likelihood\n( {2}channel \d: .+\n){3}map\.png: white is .+ bits per pixel\n$/,
    );
    const map = await image('map.png');
    assert.deepEqual([map.width, map.height, map.channels], [48, 36, 1]);
    assert.equal(Math.max(...map.samples), 255);
  });

  it('sample.js draws with shipped and other models', async () => {
    assert.equal(await example('sample.js', 'mnist-pixelcnn', '2', 'digit-'), 'digit-1.png\ndigit-2.png\n');
    const digit = await image('digit-1.png');
    assert.deepEqual([digit.width, digit.height, digit.depth], [28, 28, 1]);
    writeFileSync(join(folder, 'tiny.safetensors'), encodeModel(tinyModel(3)));
    await example('sample.js', 'tiny.safetensors', '1', 'tiny-');
    assert.equal((await image('tiny-1.png')).channels, 3);
  });

  it('http-server.js compresses requests, rejects unsupported images, and exits', async () => {
    tried.add('http-server.js');
    const server = spawn(process.execPath, [join(EXAMPLES, 'http-server.js'), '0']);
    try {
      const port = await listeningPort(server);
      const post = (body: Uint8Array): Promise<Response> =>
        fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: Uint8Array.from(body) });
      const answers = await Promise.all([post(PNG), post(PNG)]);
      for (const answer of answers) {
        assert.equal(answer.status, 200);
        assert.equal(answer.headers.get('x-pixrnn-model'), 'photo-rgb-small');
        const { raster } = await decompress(new Uint8Array(await answer.arrayBuffer()), { format: 'raster' });
        assert.deepEqual(raster, plainRaster(RASTER));
      }
      assert.equal((await post(Buffer.from('no image'))).status, 415);
      assert.equal((await post(PNG.subarray(0, 100))).status, 400);
      assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 405);
      const tooLong = await post(new Uint8Array(50_000_001)).then(
        ({ status }) => status,
        () => 413,
      );
      assert.equal(tooLong, 413);
    } finally {
      const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      assert.equal(await ended, 0);
    }
  });

  it('are all tested here', () => {
    const programs = readdirSync(EXAMPLES).filter((name) => name !== 'web'); // those are in test/web
    assert.deepEqual(programs.sort(), [...tried].sort());
  });
});

async function listeningPort(server: ChildProcess): Promise<number> {
  let output = '';
  for await (const part of server.stdout ?? []) {
    output += String(part);
    const [, port] = /port (\d+)/.exec(output) ?? [];
    if (port) return Number(port);
  }
  throw new Error(`the server ended: ${output}`);
}
