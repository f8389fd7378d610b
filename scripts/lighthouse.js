import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSite, SITE } from './build-site.js';
import { serve } from './static-server.js';

/*
 * Reports Lighthouse's scores of the page, and fails below 95:
 *
 *   npm run build && npm run lighthouse
 *
 * npx fetches Lighthouse (120 MB with its dependencies, too much for a dev dependency). CHROME_PATH names the browser.
 */

const LIGHTHOUSE = 'lighthouse@12.8.2';
const CATEGORIES = ['accessibility', 'best-practices'];
const LEAST = 95;
/** Milliseconds for one page. */
const LIMIT = 300_000;
const CHROME = process.env['CHROME_PATH'] ?? '/usr/bin/chromium';

const run = promisify(execFile);

/**
 * Returns the score of each category, 0 to 100, and the audits that cost points.
 * @param {string} url @param {string} report path of the report
 * @returns {Promise<{ scores: Record<string, number>, failed: string[] }>}
 */
async function audit(url, report) {
  const options = [
    `--only-categories=${CATEGORIES.join()}`,
    ...['--output=json', `--output-path=${report}`, '--quiet'],
    '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
  ];
  const env = { ...process.env, CHROME_PATH: CHROME };
  await run('npx', ['--yes', LIGHTHOUSE, url, ...options], { env, timeout: LIMIT });
  const { categories, audits } = JSON.parse(readFileSync(report, 'utf8'));
  const scores = Object.fromEntries(CATEGORIES.map((id) => [id, Math.round(100 * categories[id].score)]));
  const failed = CATEGORIES.flatMap((id) =>
    categories[id].auditRefs
      .filter((/** @type {{ id: string, weight: number }} */ one) => one.weight > 0 && audits[one.id].score < 1)
      .map((/** @type {{ id: string }} */ one) => audits[one.id])
      .filter((/** @type {{ score: number | null }} */ { score }) => score !== null)
      .map((/** @type {{ id: string, title: string }} */ one) => `${one.id}: ${one.title}`),
  );
  return { scores, failed };
}

await buildSite();
const site = await serve(SITE);
const folder = mkdtempSync(join(tmpdir(), 'pixrnn-lighthouse-'));
try {
  for (const path of ['', '#/models', '#/about']) {
    const { scores, failed } = await audit(`${site.url}${path}`, join(folder, 'report.json'));
    console.log(`/${path}`.padEnd(12), JSON.stringify(scores), failed.join('; '));
    if (Object.values(scores).some((score) => score < LEAST)) process.exitCode = 1;
  }
} finally {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
}
