/*
 * The library for web pages in browsers, without shared memory and under a strict policy: its results are those of Node.js.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  compress,
  decompress,
  type Effort,
  embeddedPreview,
  modelFor,
  namedModel,
  type Raster,
  sampleImages,
  writeImage,
} from '#pixrnn/index.js';
import { serve } from '../../scripts/static-server.js';
import { blobs } from '../../fixtures/draw.js';
import { withPreview } from '../../fixtures/preview.js';
import { cameraFile } from '../codec/jpeg-files.js';
import { needsData } from '../needs.js';
import { BROWSERS, type RunningBrowser, type TestPage } from './browsers.js';
import { kodakPart } from './kodak-part.js';
import { previewType } from './page-actions.js';
import { WEBKIT } from './webkit.js';

const ROOT = join(import.meta.dirname, '../../..');

/** Expression of a Uint8Array in the page. */
const inPage = (bytes: Uint8Array): string =>
  `Uint8Array.from(atob('${Buffer.from(bytes).toString('base64')}'), (c) => c.charCodeAt(0))`;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const CAMERA = await cameraFile();
const SMALL = blobs({ width: 96, height: 64, channels: 3 });
/** Two tiles. */
const WIDE = blobs({ width: 1100, height: 12, channels: 3 });
/** Decoding it takes a while. */
const LARGE = blobs({ width: 240, height: 160, channels: 3 });

const pngOf = (raster: Raster): Promise<Uint8Array> => writeImage(raster, [], 'png');
const SMALL_PNG = await pngOf(SMALL);
const WIDE_PNG = await pngOf(WIDE);

const written = new Map<Uint8Array | Raster, Map<Effort, Promise<Uint8Array>>>();
/** Returns the file that Node.js writes, which is made once for all browsers. */
function inNode(input: Uint8Array | Raster, effort: Effort = 3): Promise<Uint8Array> {
  const files = written.get(input) ?? new Map<Effort, Promise<Uint8Array>>();
  written.set(input, files);
  const file = files.get(effort) ?? compress(input, { effort }).then(({ bytes }) => bytes);
  files.set(effort, file);
  return file;
}

const kodim = 'kodim23.png';
let part: Promise<Uint8Array> | undefined;

for (const { name, skip, start } of [...BROWSERS, WEBKIT]) {
  describe(`pixrnn/web in ${name}`, { skip }, () => {
    let site: Awaited<ReturnType<typeof serve>>;
    let browser: RunningBrowser;
    let page: TestPage;
    before(async () => {
      site = await serve(ROOT);
      browser = await start();
      page = await browser.open();
      await page.goto(`${site.url}test/web/library-page.html`);
      await page.evaluate('pixrnn.compress.name');
    });
    after(async () => {
      assert.deepEqual(page.messages, []);
      await browser.close();
      await site.close();
    });

    it('has no shared memory', async () => {
      assert.equal(await page.evaluate('typeof SharedArrayBuffer'), 'undefined');
    });

    it('compresses PNG and JPEG files and samples to the bytes of Node.js', async () => {
      for (const file of [SMALL_PNG, CAMERA]) {
        const bytes = await inNode(file);
        assert.equal(await page.evaluate(`digestOf(pixrnn.compress(${inPage(file)}))`), sha256(bytes));
      }
      const bytes = await inNode(SMALL, 2);
      const raster = `{ width: 96, height: 64, channels: 3, depth: 8, indexed: false, samples: ${inPage(SMALL.samples)} }`;
      assert.equal(await page.evaluate(`digestOf(pixrnn.compress(${raster}, { effort: 2 }))`), sha256(bytes));
    });

    it('takes Blobs, buffers and parts of buffers, and leaves them as they are', async () => {
      const bytes = await inNode(SMALL_PNG, 1);
      const found = await page.evaluate<string[]>(`(async () => {
        const png = ${inPage(SMALL_PNG)};
        const long = new Uint8Array(png.length + 20);
        long.set(png, 10);
        const inputs = [new Blob([png]), png.buffer, long.subarray(10, 10 + png.length)];
        const digests = [];
        for (const input of [...inputs, ...inputs]) digests.push(await digestOf(pixrnn.compress(input, { effort: 1 })));
        return digests;
      })()`);
      assert.deepEqual(
        found,
        Array.from({ length: 6 }, () => sha256(bytes)),
      );
    });

    it('decompresses to the source file, to PNG, to samples, and to a bitmap', async () => {
      const file = inPage(await inNode(WIDE_PNG));
      assert.equal(await page.evaluate(`digestOf(pixrnn.decompress(${file}))`), sha256(WIDE_PNG));
      const samples = `pixrnn.decompress(${file}, { format: 'raster' }).then(({ raster }) => ({ bytes: raster.samples }))`;
      assert.equal(await page.evaluate(`digestOf(${samples})`), sha256(WIDE.samples));
      const bitmap = `pixrnn.decompress(${file}, { format: 'bitmap' }).then(({ bitmap }) => [bitmap.width, bitmap.height])`;
      assert.deepEqual(await page.evaluate(bitmap), [1100, 12]);
      const camera = inPage(await inNode(CAMERA));
      assert.equal(await page.evaluate(`digestOf(pixrnn.decompress(${camera}))`), sha256(CAMERA));
      await assert.rejects(page.evaluate(`pixrnn.decompress(${camera}, { format: 'png' })`), /JPEG/);
    });

    it('reports tiles as they finish, with their pixels', async () => {
      const bytes = await inNode(WIDE_PNG);
      const tiles = await page.evaluate<{ x: number; width: number; first: number[] }[]>(`(async () => {
        const tiles = [];
        const onTile = ({ x, width, pixels }) => tiles.push({ x, width, first: [...pixels.slice(0, 4)] });
        await pixrnn.decompress(${inPage(bytes)}, { onTile });
        return tiles.sort((a, b) => a.x - b.x);
      })()`);
      assert.deepEqual(
        tiles.map(({ x, width }) => [x, width]),
        [
          [0, 550],
          [550, 550],
        ],
      );
      for (const { x, first } of tiles) assert.deepEqual(first, [...WIDE.samples.slice(3 * x, 3 * x + 3), 255]);
    });

    it('reports the rows of a tile while it is decoded, a few times a second', async () => {
      const bytes = await inNode(LARGE);
      const { seen, seconds } = await page.evaluate<{
        seen: { y: number; height: number; first: number[] }[];
        seconds: number;
      }>(`(async () => {
        const seen = [];
        const onRows = ({ y, height, pixels }) => seen.push({ y, height, first: [...pixels.slice(0, 4)] });
        const start = performance.now();
        await pixrnn.decompress(${inPage(bytes)}, { onRows });
        return { seen, seconds: (performance.now() - start) / 1000 };
      })()`);
      assert.ok(seen.length > 0 && seen.length <= seconds / 0.3, `${seen.length} times in ${seconds} s`);
      let end = 0;
      for (const { y, height, first } of seen) {
        assert.equal(y, end);
        assert.deepEqual(first, [...LARGE.samples.slice(3 * 240 * y, 3 * 240 * y + 3), 255]);
        end = y + height;
      }
      assert.ok(end <= 160);
    });

    it('embeds a preview of samples and of JPEG files, and returns it', async () => {
      for (const [file, size] of [
        [WIDE_PNG, [256, 3, 1100, 12]],
        [CAMERA, [24, 40, 24, 40]],
      ] as const) {
        const found = await page.evaluate<{
          size: number[];
          type: string;
          shown: number[];
          file: number[];
        }>(`(async () => {
          const { bytes } = await pixrnn.compress(${inPage(file)}, { preview: true });
          const { width, height, whole, type, bytes: picture } = await pixrnn.preview(bytes);
          const shown = await createImageBitmap(new Blob([picture], { type }));
          const size = [width, height, whole.width, whole.height];
          return { size, type, shown: [shown.width, shown.height], file: [...bytes] };
        })()`);
        assert.deepEqual(found.size, size);
        assert.deepEqual([found.type, found.shown], [await previewType(page), size.slice(0, 2)]);
        const bytes = Uint8Array.from(found.file);
        assert.ok(embeddedPreview(bytes)!.bytes.length <= 3000);
        // Apart from the picture, the file is that of Node.js.
        assert.deepEqual(withPreview(bytes, null), await inNode(file));
        assert.deepEqual((await decompress(bytes)).bytes, Uint8Array.from(file));
        assert.equal(await page.evaluate(`pixrnn.preview(${inPage(await inNode(SMALL_PNG, 1))})`), null);
      }
    });

    it('inspects files, reads images exactly, estimates and measures', async () => {
      const bytes = await inNode(SMALL_PNG);
      assert.deepEqual(
        await page.evaluate(
          `pixrnn.inspect(${inPage(bytes)}).then(({ width, height, models }) => [width, height, models])`,
        ),
        [96, 64, ['photo-rgb']],
      );
      const read = `pixrnn.readPicture(${inPage(SMALL_PNG)}).then(({ raster }) => ({ bytes: raster.samples }))`;
      assert.equal(await page.evaluate(`digestOf(${read})`), sha256(SMALL.samples));
      assert.ok((await page.evaluate<number>(`pixrnn.estimateSeconds(${inPage(SMALL_PNG)})`)) > 0);
      const total = await page.evaluate<number>(`pixrnn.measureBits(${inPage(SMALL_PNG)}).then(({ total }) => total)`);
      assert.ok(Math.abs(total / 8 / bytes.length - 1) < 0.2, `${total / 8} bytes measured, ${bytes.length} written`);
    });

    it('draws the samples that Node.js draws, row by row', async () => {
      const model = await namedModel('mnist-pixelcnn');
      const [drawn] = await sampleImages(model, { width: 28, height: 28 }, 1, { seed: 5, temperature: 1 });
      const found = await page.evaluate<{ samples: number[]; rows: number[] }>(`(async () => {
        const rows = [];
        const { samples } = await pixrnn.sample('mnist-pixelcnn', { seed: 5, onRow: ({ y }) => rows.push(y) });
        return { samples: [...samples], rows };
      })()`);
      assert.deepEqual(found.samples, [...drawn!]);
      assert.deepEqual(
        found.rows,
        Array.from({ length: 28 }, (_, y) => y),
      );
    });

    it('stops at a signal, and the next call is correct', async () => {
      const large = await pngOf(blobs({ width: 512, height: 512, channels: 3 }));
      const stopped = await page.evaluate<{ milliseconds: number; reason: string }>(`(async () => {
        const controller = new AbortController();
        const call = pixrnn.compress(${inPage(large)}, { signal: controller.signal, onProgress: () => controller.abort('enough') });
        let began = 0;
        controller.signal.addEventListener('abort', () => (began = performance.now()));
        const reason = await call.catch((error) => String(error));
        return { milliseconds: performance.now() - began, reason };
      })()`);
      assert.equal(stopped.reason, 'enough');
      assert.ok(stopped.milliseconds < 200, `${stopped.milliseconds} ms`);
      const again = await page.evaluate(`digestOf(pixrnn.compress(${inPage(SMALL_PNG)}))`);
      assert.equal(again, sha256(await inNode(SMALL_PNG)));
    });

    it('rejects damaged files, and images that only the browser decodes, with the reason', async () => {
      const bytes = await inNode(SMALL_PNG);
      const damaged = bytes.slice();
      damaged[damaged.length - 60]! ^= 1;
      const codeOf = (call: string): Promise<string> =>
        page.evaluate(
          `${call}.then(() => 'none', (error) => error instanceof pixrnn.PixrnnError ? error.code : String(error))`,
        );
      assert.match(await codeOf(`pixrnn.decompress(${inPage(damaged)})`), /^(file-corrupt|hash-mismatch)$/);
      assert.equal(await codeOf(`pixrnn.decompress(${inPage(bytes.slice(0, 50))})`), 'file-truncated');
      const webp = Buffer.concat([Buffer.from('RIFF\x10\0\0\0WEBPVP8L'), Buffer.alloc(16)]);
      assert.equal(await codeOf(`pixrnn.compress(${inPage(webp)})`), 'input-unsupported');
      assert.equal(await codeOf(`pixrnn.compress('text')`), 'usage');
      assert.equal(await codeOf(`pixrnn.compress(${inPage(bytes)}, { maxInputBytes: 10 })`), 'limit');
    });

    it('keeps the weights by their hash', async () => {
      await modelFor(3);
      const kept = await page.evaluate<string[]>(
        `caches.open('pixrnn-weights').then((cache) => cache.keys()).then((keys) => keys.map(({ url }) => url))`,
      );
      const hash = sha256(readFileSync(join(ROOT, 'models/photo-rgb.safetensors')));
      assert.ok(kept.some((url) => url.endsWith(hash)));
    });

    it(
      'codes a part of a Kodak image as the command line does, in both directions',
      { skip: needsData('kodak', kodim) },
      async () => {
        const png = await (part ??= kodakPart(kodim));
        const bytes = await inNode(png);
        assert.equal(await page.evaluate(`digestOf(pixrnn.compress(${inPage(png)}))`), sha256(bytes));
        assert.equal(await page.evaluate(`digestOf(pixrnn.decompress(${inPage(bytes)}))`), sha256(png));
      },
    );
  });
}
