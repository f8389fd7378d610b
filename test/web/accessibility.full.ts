/*
 * The page has no violation of the rules of axe-core, light and dark, in each of its states.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { writeImage } from '#pixrnn/index.js';
import { blobs } from '../../fixtures/draw.js';
import { BROWSERS, type RunningBrowser, type TestPage } from './browsers.js';
import { click, dropFiles, untilText } from './page-actions.js';
import { SITE, servePage } from './site.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const [{ skip, start }] = BROWSERS.filter(({ name }) => name === 'Chromium') as [(typeof BROWSERS)[number]];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

describe('accessibility of the page', { skip }, () => {
  let site: Awaited<ReturnType<typeof servePage>>;
  let browser: RunningBrowser;
  before(async () => {
    site = await servePage();
    browser = await start();
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  const check = async (page: TestPage): Promise<void> => {
    await page.evaluate(`${AXE}; null`);
    const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
    const summary = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
    assert.deepEqual(summary, []);
  };

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const path of ['#/', '#/models', '#/about']) {
      it(`${path}, ${colorScheme}`, async () => {
        const page = await browser.open({ colorScheme });
        await page.goto(`${site.url}${path}`);
        await untilText(page, 'Compress');
        await check(page);
      });
    }

    it(`decode.html from disk, ${colorScheme}`, async () => {
      const page = await browser.open({ colorScheme });
      await page.goto(pathToFileURL(join(SITE, 'decode.html')).href);
      await untilText(page, 'Drop, paste or choose pictures');
      await check(page);
    });

    it(`a file, ${colorScheme}`, async () => {
      const page = await browser.open({ colorScheme });
      await page.goto(site.url);
      await dropFiles(page, {
        'blobs.png': await writeImage(blobs({ width: 64, height: 48, channels: 3 }), [], 'png'),
      });
      await untilText(page, 'Needs about');
      await check(page);
      await click(page, 'Compress');
      await untilText(page, 'decoded and compared');
      await check(page);
      await click(page, 'Measure');
      await untilText(page, 'Side by side');
      await check(page);
    });
  }
});
