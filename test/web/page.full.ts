/*
 * The page in browsers, as a user works with it.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { unzipSync } from 'fflate';
import { compress, embeddedPreview, readImage, writeImage } from '#pixrnn/index.js';
import { ORIGINS } from '#pixrnn/origin/origins.js';
import { originImage, phasesOf } from '../../fixtures/origin-image.js';
import { withPreview } from '../../fixtures/preview.js';
import { cameraFile } from '../codec/jpeg-files.js';
import { needsData } from '../needs.js';
import { BROWSERS, type RunningBrowser, type TestPage } from './browsers.js';
import { kodakPart } from './kodak-part.js';
import { click, download, dropFiles, dropFolder, previewType, until, untilText } from './page-actions.js';
import { SITE, servePage } from './site.js';
import { WEBKIT } from './webkit.js';

const ROOT = join(import.meta.dirname, '../../..');
const MAX_FIRST_PICTURE = 2_000_000;

/** A picture that is coded as luma and chroma, and needs both default models. */
const SIZE = { width: 112, height: 84 };
const PHOTO_CD = ORIGINS.find(({ name }) => name === 'PhotoCD, 4:2:0')!;
const PNG = await writeImage(originImage(PHOTO_CD, phasesOf(PHOTO_CD)[0]!, SIZE), [], 'png');
const CAMERA = await cameraFile();
const PRNN = (await compress(PNG)).bytes;
const CAMERA_PRNN = (await compress(CAMERA)).bytes;
const isEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

for (const { name, skip, start } of [...BROWSERS, WEBKIT]) {
  describe(`the page in ${name}`, { skip }, () => {
    let site: Awaited<ReturnType<typeof servePage>>;
    let browser: RunningBrowser;
    let page: TestPage;
    before(async () => {
      site = await servePage();
      browser = await start();
      page = await browser.open();
      await page.goto(site.url);
    });
    after(async () => {
      await browser.close();
      await site.close();
    });

    it('compresses a dropped picture to the bytes of the command line, within 2 MB of transfers', async () => {
      await dropFiles(page, { 'photo.png': PNG });
      await untilText(page, 'Needs about');
      await click(page, 'Compress');
      await untilText(page, 'decoded and compared');
      // At once: an idle page fetches what it needs offline.
      const paths = site.sent.map(({ path }) => path);
      assert.deepEqual(paths, [...new Set(paths)], 'a file was sent twice');
      const total = site.sent.reduce((sum, { bytes: length }) => sum + length, 0);
      assert.ok(isEqual(await download(page, 'Download photo.prnn'), PRNN));
      assert.ok(site.sent.some(({ path }) => path.includes('photo-gray')));
      assert.ok(total <= MAX_FIRST_PICTURE, `${total} bytes: ${JSON.stringify(site.sent)}`);
      console.log(`${name}: ${total} bytes transferred for the first picture`);
    });

    it('zooms and pans with the keyboard', async () => {
      const canvas = `document.querySelector('.viewer canvas')`;
      const press = (key: string): Promise<{ percent: string; picture: string }> =>
        page.evaluate(`(async () => {
          ${canvas}.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true, cancelable: true }));
          await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
          return { percent: document.querySelector('.viewer .percent').value, picture: ${canvas}.toDataURL() };
        })()`);
      assert.equal(await page.evaluate(`${canvas}.tabIndex`), 0);
      const fitted = await press('0');
      const actual = await press('1');
      assert.equal(actual.percent, '100 %');
      assert.equal((await press('+')).percent, '140 %');
      assert.deepEqual(await press('-'), actual);
      const moved = await press('ArrowLeft');
      assert.equal(moved.percent, '100 %');
      assert.notEqual(moved.picture, actual.picture);
      assert.deepEqual(await press('ArrowRight'), actual);
      assert.deepEqual(await press('0'), fitted);
    });

    it('shows where the bits go', async () => {
      await click(page, 'Measure');
      await untilText(page, 'Side by side');
      await page.evaluate(`document.querySelector('input[value=blend]').click()`);
    });

    it('opens .prnn files and restores the source', async () => {
      await dropFiles(page, { 'camera.prnn': CAMERA_PRNN });
      await untilText(page, 'every hash is correct');
      assert.ok(isEqual(await download(page, 'Download camera.jpg'), CAMERA));
    });

    it('embeds a preview on request, and shows it before the image is decoded', async () => {
      await dropFiles(page, { 'small.png': PNG });
      await untilText(page, 'Needs about');
      await page.evaluate(`document.querySelector('.choice input').click()`);
      await click(page, 'Compress');
      await untilText(page, 'Download small.prnn');
      const file = await download(page, 'Download small.prnn');
      const { width, height, type } = embeddedPreview(file)!;
      assert.deepEqual([width, height, type], [SIZE.width, SIZE.height, await previewType(page)]);
      assert.ok(isEqual(withPreview(file, null), PRNN));
      await dropFiles(page, { 'previewed.prnn': file });
      await untilText(page, 'every hash is correct');
      await untilText(page, `${SIZE.width} × ${SIZE.height}`);
      for (const name of ['small.png', 'previewed.prnn']) {
        const remove = `document.querySelector('[aria-label="Remove ${name}"]')`;
        await page.evaluate(`${remove}.click()`);
        await until(page, `!${remove}`);
      }
    });

    it('downloads all files in one archive', async () => {
      const archive = unzipSync(await download(page, 'Download all'));
      assert.deepEqual(Object.keys(archive).sort(), ['camera.jpg', 'photo.prnn']);
      assert.ok(isEqual(archive['camera.jpg']!, CAMERA));
    });

    it('cancels, and compresses again', async () => {
      await dropFiles(page, { 'again.png': PNG });
      await untilText(page, 'Needs about');
      await click(page, 'Compress');
      await click(page, 'Cancel');
      await untilText(page, 'Needs about', 10);
      await click(page, 'Compress');
      await untilText(page, 'Download again.prnn');
    });

    it('states why a damaged file and a WebP file are rejected', async () => {
      await dropFiles(page, { 'damaged.prnn': PRNN.slice(0, -20) });
      await until(page, `document.querySelector('[role=alert]')?.innerText.length > 20`);
      const webp = Buffer.concat([Buffer.from('RIFF\x10\0\0\0WEBPVP8L'), Buffer.alloc(16)]);
      await dropFiles(page, { 'picture.webp': webp });
      await untilText(page, 'WebP files are not supported');
    });

    it('adds the files of a dropped folder and of those in it', async () => {
      await dropFolder(page, { 'outer-1.png': PNG, 'outer-2.png': PNG, inner: { 'inner.png': PNG } });
      for (const file of ['outer-1.png', 'outer-2.png', 'inner.png']) {
        const remove = `document.querySelector('[aria-label="Remove ${file}"]')`;
        await until(page, remove);
        await page.evaluate(`${remove}.click()`);
      }
    });

    it('draws samples of a model', async () => {
      await page.evaluate(`location.hash = '#/models'`);
      await untilText(page, 'Watch a model draw');
      await page.evaluate(`document.querySelector('[data-model=mnist-pixelcnn] .model-actions button').click()`);
      await until(
        page,
        `document.querySelector('[data-model=mnist-pixelcnn] canvas').ariaLabel === 'Sample of PixelCNN, digits'`,
      );
    });

    const kodim = 'kodim23.png';
    it('restores on the command line what the page compressed', { skip: needsData('kodak', kodim) }, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pixrnn-page-'));
      try {
        const png = await kodakPart(kodim);
        await page.evaluate(`location.hash = '#/'`);
        await dropFiles(page, { [kodim]: png });
        await untilText(page, 'Needs about', 120);
        await click(page, 'Compress');
        await untilText(page, 'Download kodim23.prnn', 300);
        writeFileSync(join(folder, 'kodim23.prnn'), await download(page, 'Download kodim23.prnn'));
        const run = spawnSync('node', [join(ROOT, 'bin/pixrnn.js'), 'decompress', join(folder, 'kodim23.prnn')]);
        assert.equal(run.status, 0, String(run.stderr));
        assert.ok(isEqual(readFileSync(join(folder, kodim)), png));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    // Late, since Firefox paints a page rarely once others are in front of it.
    it('works in two tabs at once', async () => {
      const pages = await Promise.all([browser.open(), browser.open()]);
      await Promise.all(
        pages.map(async (one, i) => {
          await one.goto(site.url);
          await dropFiles(one, { [`tab-${i}.png`]: PNG });
          await untilText(one, 'Needs about');
          await click(one, 'Compress');
        }),
      );
      for (const [i, one] of pages.entries()) {
        await untilText(one, 'decoded and compared');
        assert.ok(isEqual(await download(one, `Download tab-${i}.prnn`), PRNN));
        assert.deepEqual(one.messages, []);
      }
    });

    it('writes nothing to the console', () => {
      assert.deepEqual(page.messages, []);
    });

    it('works offline after the first visit', async () => {
      const kept = [...readFileSync(join(SITE, 'service-worker.js'), 'utf8').matchAll(/"[^"]+\.gz"/g)].join();
      assert.match(kept, /"packing.wasm.gz"/);
      const isKept = `Promise.all([${kept}].map((name) => caches.match(name))).then((found) => found.every(Boolean))`;
      await until(page, isKept, 120);
      await site.close();
      const offline = await browser.open();
      await offline.goto(site.url);
      await dropFiles(offline, { 'offline.png': PNG });
      await untilText(offline, 'Needs about');
      await click(offline, 'Compress');
      await untilText(offline, 'decoded and compared');
    });
  });

  describe(`decode.html from disk in ${name}`, { skip }, () => {
    it('opens files without a server, and compresses', async () => {
      const site = await servePage();
      await site.close();
      const browser = await start();
      try {
        const page = await browser.open();
        await page.goto(pathToFileURL(join(SITE, 'decode.html')).href);
        await dropFiles(page, { 'blobs.prnn': PRNN });
        await untilText(page, 'every hash is correct');
        assert.ok(isEqual(await download(page, 'Download blobs.png'), PNG));
        const samples = await compress(PNG, { exactness: 'pixels' });
        await dropFiles(page, { 'samples.prnn': samples.bytes });
        const { raster } = await readImage(await download(page, 'Download samples.png'));
        assert.deepEqual(raster, (await readImage(PNG)).raster);
        await dropFiles(page, { 'camera.prnn': CAMERA_PRNN });
        assert.ok(isEqual(await download(page, 'Download camera.jpg'), CAMERA));
        await dropFiles(page, { 'photo.png': PNG });
        await untilText(page, 'Needs about');
        await click(page, 'Compress');
        assert.ok(isEqual(await download(page, 'Download photo.prnn'), PRNN));
        assert.deepEqual(page.messages, []);
      } finally {
        await browser.close();
      }
    });
  });
}
