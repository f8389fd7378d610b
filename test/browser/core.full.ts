import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGolden, readSources } from '../../fixtures/golden.js';
import { BROWSERS } from '../web/browsers.js';
import { WEBKIT } from '../web/webkit.js';
import { computeFindings, type Findings } from './findings.js';
import { serveSite } from './site.js';

for (const { name, skip, start } of [...BROWSERS, WEBKIT]) {
  test(`encodes and decodes the golden streams in ${name}`, { skip }, async () => {
    const site = await serveSite();
    const browser = await start();
    try {
      const page = await browser.open();
      await page.goto(site.url);
      const found = await page.evaluate<Findings>(`compute(${JSON.stringify(readSources())})`);
      assert.deepEqual(page.messages, []);
      assert.deepEqual(found.golden, readGolden());
      const here = await computeFindings(readSources());
      assert.deepEqual(found.files, here.files);
    } finally {
      await browser.close();
      await site.close();
    }
  });
}
