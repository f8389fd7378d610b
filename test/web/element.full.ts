/*
 * The element <prnn-img> in browsers.
 */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import sharp from 'sharp';
import { compress } from '#pixrnn/index.js';
import { serve } from '../../scripts/static-server.js';
import { blobs, gradient } from '../../fixtures/draw.js';
import { cameraFile } from '../codec/jpeg-files.js';
import { BROWSERS, type RunningBrowser, type TestPage } from './browsers.js';
import { WEBKIT } from './webkit.js';
import { until } from './page-actions.js';

const ROOT = join(import.meta.dirname, '../../..');
const MAX_GZIP = 15_000;
const IMAGE = blobs({ width: 96, height: 64, channels: 3 });
const SMOOTH = gradient({ width: 320, height: 200, channels: 3 });

/** What an element showed at its preview. */
interface Seen {
  readonly width: number;
  readonly height: number;
  readonly pixel: readonly number[];
  readonly complete: boolean;
}

const HTML = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>prnn-img</title>
<script type="module" src="watch.js"></script>
<script type="module" src="dist/web/element.js"></script>
<prnn-img id="image" src="image.prnn" alt="Blobs"></prnn-img>
<prnn-img id="sized" src="image.prnn" alt="Blobs, large" width="192"></prnn-img>
<prnn-img id="camera" src="camera.prnn" alt="A JPEG file"></prnn-img>
<prnn-img id="previewed" src="previewed.prnn" alt="With a preview"></prnn-img>
<prnn-img id="spoilt" src="spoilt.prnn" alt="With a damaged preview"></prnn-img>
<prnn-img id="upright" src="upright.prnn" alt="A JPEG file on its side"></prnn-img>
<prnn-img id="missing" src="missing.prnn" alt="Not there"></prnn-img>
<prnn-img id="damaged" src="damaged.prnn" alt="Damaged"></prnn-img>
<div id="spacer"></div>
<prnn-img id="lazy" src="image.prnn?lazy" alt="Far below" loading="lazy"></prnn-img>`;

/** Keeps the pixel in the middle of each element at the time of its preview. */
const WATCH = `globalThis.previews = {};
globalThis.middleOf = (id) => {
  const canvas = document.getElementById(id).shadowRoot.querySelector('canvas');
  const { width, height } = canvas;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  return [...context.getImageData(width >> 1, height >> 1, 1, 1).data];
};
document.addEventListener('preview', ({ target }) => {
  const { naturalWidth: width, naturalHeight: height, complete, id } = target;
  previews[id] = { width, height, complete, pixel: middleOf(id) };
}, { capture: true });`;

/** Returns the pixel in the middle. */
const middleOf = ({ width, height, samples }: typeof IMAGE): number[] => {
  const at = 3 * ((height >> 1) * width + (width >> 1));
  return [...samples.slice(at, at + 3), 255];
};

/** The site of all browsers. */
const folder = mkdtempSync(join(tmpdir(), 'pixrnn-element-'));
before(async () => {
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.wat') });
  mkdirSync(join(folder, 'models'));
  for (const model of ['photo-rgb', 'photo-gray']) {
    copyFileSync(join(ROOT, `models/${model}.safetensors`), join(folder, `models/${model}.safetensors`));
  }
  const { bytes } = await compress(IMAGE);
  writeFileSync(join(folder, 'image.prnn'), bytes);
  writeFileSync(join(folder, 'damaged.prnn'), bytes.slice(0, -30));
  writeFileSync(join(folder, 'camera.prnn'), (await compress(await cameraFile())).bytes);
  const previewed = (await compress(SMOOTH, { preview: true })).bytes;
  writeFileSync(join(folder, 'previewed.prnn'), previewed);
  const spoilt = previewed.slice();
  spoilt[90]! ^= 1;
  writeFileSync(join(folder, 'spoilt.prnn'), spoilt);
  const raw = { width: SMOOTH.width, height: SMOOTH.height, channels: 3 } as const;
  const onItsSide = await sharp(SMOOTH.samples, { raw }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  writeFileSync(join(folder, 'upright.prnn'), (await compress(onItsSide, { preview: true })).bytes);
  writeFileSync(join(folder, 'watch.js'), WATCH);
  writeFileSync(join(folder, 'index.html'), HTML);
});
after(() => rmSync(folder, { recursive: true, force: true }));

it('the element has at most 15 kB', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'dist/web/element.js')],
    ...{ bundle: true, minify: true, write: false, format: 'esm' },
  });
  const bytes = gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
  assert.ok(bytes <= MAX_GZIP, `${bytes} bytes`);
});

for (const { name, skip, start } of [...BROWSERS, WEBKIT]) {
  describe(`<prnn-img> in ${name}`, { skip }, () => {
    let site: Awaited<ReturnType<typeof serve>>;
    let browser: RunningBrowser;
    let page: TestPage;
    const sent: string[] = [];
    const canvasOf = (id: string): string => `document.getElementById('${id}').shadowRoot.querySelector('canvas')`;
    before(async () => {
      site = await serve(folder, { onSend: (path) => sent.push(path) });
      browser = await start();
      page = await browser.open();
      await page.goto(site.url);
    });
    after(async () => {
      await browser.close();
      await site.close();
    });

    it('has the size of the image from its header, then shows every pixel', async () => {
      await until(page, `document.getElementById('image').naturalWidth > 0`);
      assert.deepEqual(
        await page.evaluate(`(({ width, height }) => [width, height])(${canvasOf('image')}.getBoundingClientRect())`),
        [96, 64],
      );
      await until(page, `document.getElementById('image').complete`);
      const pixels = await page.evaluate<number[]>(
        `[...${canvasOf('image')}.getContext('2d').getImageData(0, 0, 96, 64).data]`,
      );
      const expected = Array.from({ length: 96 * 64 }, (_, i) => [
        ...IMAGE.samples.slice(3 * i, 3 * i + 3),
        255,
      ]).flat();
      assert.deepEqual(pixels, expected);
    });

    it('has a name, and the given width', async () => {
      assert.equal(await page.evaluate(`${canvasOf('image')}.getAttribute('aria-label')`), 'Blobs');
      assert.deepEqual(
        await page.evaluate(`(({ width, height }) => [width, height])(${canvasOf('sized')}.getBoundingClientRect())`),
        [192, 128],
      );
    });

    it('shows JPEG files, upright', async () => {
      await until(page, `document.getElementById('camera').complete`);
      assert.equal(await page.evaluate(`document.getElementById('camera').naturalWidth`), 24);
    });

    it('shows the embedded picture first, then every pixel', async () => {
      await until(page, `document.getElementById('previewed').complete`);
      const seen = await page.evaluate<Record<string, Seen>>('previews');
      const { width, height, pixel, complete } = seen['previewed']!;
      assert.deepEqual([width, height, complete], [320, 200, false]);
      middleOf(SMOOTH).forEach((value, c) => assert.ok(Math.abs(value - pixel[c]!) < 24, pixel.join()));
      assert.equal(seen['image'], undefined);
      assert.equal(sent.filter((path) => path === '/previewed.prnn').length, 1);
      for (const id of ['previewed', 'spoilt']) {
        await until(page, `document.getElementById('${id}').complete`);
        assert.deepEqual(await page.evaluate(`middleOf('${id}')`), middleOf(SMOOTH));
      }
      assert.equal((await page.evaluate<Record<string, Seen>>('previews'))['spoilt'], undefined);
    });

    it('shows the embedded picture of a JPEG file upright, too', async () => {
      await until(page, `document.getElementById('upright').complete`);
      const { width, height } = (await page.evaluate<Record<string, Seen>>('previews'))['upright']!;
      assert.deepEqual([width, height], [200, 320]);
      const size = `(({ width, height }) => [width, height])(${canvasOf('upright')})`;
      assert.deepEqual(await page.evaluate(size), [200, 320]);
    });

    it('shows the text of an image that is missing or damaged', async () => {
      for (const [id, text] of [
        ['missing', 'Not there'],
        ['damaged', 'Damaged'],
      ]) {
        await until(page, `document.getElementById('${id}').shadowRoot.querySelector('.error')`);
        assert.equal(
          await page.evaluate(`document.getElementById('${id}').shadowRoot.querySelector('.error').textContent`),
          text,
        );
      }
    });

    it('loads a lazy image when it comes near', async () => {
      // The spacer has no height yet: the policy of the page forbids inline styles.
      await page.evaluate(`{
        const image = document.createElement('prnn-img');
        image.alt = 'Late';
        image.setAttribute('loading', 'lazy');
        document.getElementById('spacer').style.height = '5000px';
        document.body.append(image);
        image.id = 'late';
        image.src = 'image.prnn?late';
        null;
      }`);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(await page.evaluate(`document.getElementById('late').naturalWidth`), 0);
      await page.evaluate(`document.getElementById('late').scrollIntoView()`);
      await until(page, `document.getElementById('late').complete`);
    });

    it('writes nothing to the console but the missing file', () => {
      assert.deepEqual(
        page.messages.filter((message) => !message.includes('404')),
        [],
      );
    });
  });
}
