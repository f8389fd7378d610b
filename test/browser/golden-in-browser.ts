import assert from 'node:assert/strict';
import { readSources } from '../../fixtures/golden.js';
import type { TestBrowser } from '../web/browsers.js';
import type { Findings } from './findings.js';
import { serveSite } from './site.js';

/**
 * Returns what a page of a browser computes of the golden streams and of the files of the core.
 * @param names golden cases; null: all
 */
export async function findingsIn({ start }: TestBrowser, names: readonly string[] | null): Promise<Findings> {
  const site = await serveSite();
  const browser = await start();
  try {
    const page = await browser.open();
    await page.goto(site.url);
    const found = await page.evaluate<Findings>(`compute(${JSON.stringify(readSources())}, ${JSON.stringify(names)})`);
    assert.deepEqual(page.messages, []);
    return found;
  } finally {
    await browser.close();
    await site.close();
  }
}
