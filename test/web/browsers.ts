import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { launch } from 'puppeteer-core';
import { CHROMIUM } from '../report/chromium.js';
import { needsProgram, type Skip } from '../needs.js';

/* The browsers that the tests of the web library and of the page run in. */

/** A page of a browser. */
export interface TestPage {
  goto(url: string): Promise<void>;
  /** Returns the value of an expression, awaited if it is a promise. It must be JSON. */
  evaluate<T>(expression: string): Promise<T>;
  screenshot(): Promise<Uint8Array>;
  /** What the page wrote to the console, and its uncaught errors. */
  readonly messages: string[];
}

export interface RunningBrowser {
  open(options?: { readonly colorScheme?: 'light' | 'dark' }): Promise<TestPage>;
  /** Memory of the browser's processes in bytes: the sum of their resident sets. */
  memoryBytes(): number;
  close(): Promise<void>;
}

export interface TestBrowser {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit';
  /** Why tests in it are skipped. */
  readonly skip: Skip;
  /** Version of the installed browser. */
  readonly version: () => string;
  readonly start: () => Promise<RunningBrowser>;
}

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

const pathOf = (program: string): string =>
  execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();

/** Returns the first number with a dot of what a program prints as its version. */
export function versionIn(program: string): string {
  const text = execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return /\d+(\.\d+)+/.exec(text)?.[0] ?? text.trim();
}

async function startChromium(): Promise<RunningBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-chromium-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: pathOf(CHROMIUM ?? ''),
    args: CHROMIUM_FLAGS,
    viewport: { width: 1280, height: 800 },
  });
  return {
    open: async ({ colorScheme = 'light' } = {}) => {
      const page = await context.newPage();
      await page.emulateMedia({ colorScheme });
      const messages: string[] = [];
      page.on('console', (message) => messages.push(message.text()));
      page.on('pageerror', (error) => messages.push(String(error)));
      return {
        messages,
        goto: async (url) => void (await page.goto(url)),
        evaluate: <T>(expression: string) => page.evaluate<T>(expression),
        screenshot: () => page.screenshot(),
      };
    },
    memoryBytes: () => residentBytes(folder),
    close: async () => {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startFirefox(): Promise<RunningBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-firefox-'));
  const browser = await launch({
    browser: 'firefox',
    executablePath: pathOf(FIREFOX),
    headless: true,
    userDataDir: folder,
    protocolTimeout: 900_000,
    defaultViewport: { width: 1280, height: 800 },
    extraPrefsFirefox: { 'browser.shell.checkDefaultBrowser': false, 'app.update.disabledForTesting': true },
  });
  return {
    open: async () => {
      const page = await browser.newPage();
      const messages: string[] = [];
      page.on('console', (message) => messages.push(message.text()));
      page.on('pageerror', (error) => messages.push(String(error)));
      return {
        messages,
        goto: async (url) => void (await page.goto(url)),
        evaluate: async <T>(expression: string) => (await page.evaluate(expression)) as T,
        screenshot: () => page.screenshot(),
      };
    },
    memoryBytes: () => residentBytes(folder),
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sums the resident sets of the process whose command line names the folder of the profile, and of its descendants. */
function residentBytes(folder: string): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(row))
    .filter((row) => row !== null)
    .map(([, pid, parent, rss, args]) => ({ pid, parent, bytes: 1024 * Number(rss), args: args ?? '' }));
  const own = new Set(rows.filter(({ args }) => args.includes(folder)).map(({ pid }) => pid));
  for (let size = 0; size !== own.size;) {
    size = own.size;
    for (const { pid, parent } of rows) if (own.has(parent)) own.add(pid);
  }
  return rows.reduce((sum, { pid, bytes }) => sum + (own.has(pid) ? bytes : 0), 0);
}

const FIREFOX = process.env['PIXRNN_FIREFOX'] ?? 'firefox-esr';

export const BROWSERS: readonly TestBrowser[] = [
  {
    name: 'Chromium',
    skip: CHROMIUM === null && 'no chromium is installed (PIXRNN_CHROMIUM names another browser)',
    version: () => versionIn(CHROMIUM ?? ''),
    start: startChromium,
  },
  {
    name: 'Firefox',
    skip: needsProgram(FIREFOX, '--version'),
    version: () => versionIn(FIREFOX),
    start: startFirefox,
  },
];
