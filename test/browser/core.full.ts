import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { readGolden, readSources } from '../../fixtures/golden.js';
import { CHROMIUM } from '../report/chromium.js';
import { computeFindings, type Findings } from './findings.js';
import { serveSite } from './site.js';

const skip = CHROMIUM === null && 'no chromium is installed (PIXRNN_CHROMIUM names another browser)';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

test('encodes and decodes the golden streams in Chromium', { skip }, async () => {
  const site = await serveSite();
  const executablePath = execFileSync('sh', ['-c', `command -v ${CHROMIUM}`], { encoding: 'utf8' }).trim();
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.addInitScript((files) => (globalThis.sources = files), readSources());
    await page.goto(site.url);
    await page.waitForFunction(() => globalThis.findings !== undefined, null, { timeout: 900_000, polling: 500 });
    const found = (await page.evaluate(() => globalThis.findings)) as Findings | { error: string };
    assert.deepEqual(errors, []);
    assert.ok(!('error' in found), 'error' in found ? found.error : '');
    assert.deepEqual(found.golden, readGolden());
    const here = await computeFindings(readSources());
    assert.deepEqual(found.files, here.files);
  } finally {
    await browser.close();
    await site.close();
  }
});
