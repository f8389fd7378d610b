/**
 * Codes the golden cases in JavaScript engines, browsers and emulated processors, and compares the bytes with
 * fixtures/golden.json. Emulated processors run a choice of the cases that covers the format (fixtures/covering.ts).
 * Exit code 1 on any difference.
 *
 * Usage: cross-engine [--allow-missing] [--only PATTERN] [--list], where --list prints the chosen cases, and PATTERN is
 * a regular expression for the names of engines
 */
import { parseArgs } from 'node:util';
import { readCovering } from '../fixtures/covering-cases.js';
import { type Golden, type Hashes, readGolden } from '../fixtures/golden.js';
import { findingsIn } from '../test/browser/golden-in-browser.js';
import { BROWSERS, type TestBrowser } from '../test/web/browsers.js';
import { WEBKIT } from '../test/web/webkit.js';
import { engineFaults } from './engine-wasm.js';
import {
  EMULATED_ENGINES,
  ENGINES,
  type EngineUnderTest,
  goldenIn,
  MUSL,
  versionOf,
  WINDOWS,
} from './machines/engines.js';
import { THIS_MACHINE } from './machines/machine.js';
import { travels } from './machines/travel.js';

/** An engine that is ready to run. */
interface Ready {
  readonly version: string;
  readonly golden: () => Promise<Golden>;
  /** Names of the cases; null for all. */
  readonly names: readonly string[] | null;
}

const JAVASCRIPT_ENGINES = { Chromium: 'V8', Firefox: 'SpiderMonkey', WebKit: 'JavaScriptCore' } as const;

const { values: options } = parseArgs({
  options: { 'allow-missing': { type: 'boolean' }, only: { type: 'string', default: '' }, list: { type: 'boolean' } },
});
const isWanted = (name: string): boolean => new RegExp(options.only).test(name);
const golden = readGolden();
process.exitCode = (await run()) ? 0 : 1;

/** Tests all engines; returns whether all are equal. */
async function run(): Promise<boolean> {
  const faults = engineFaults();
  console.log(
    faults.length === 0
      ? 'engine.wat, palette.wat, packing.wat, jpeg.wat: no import, no relaxed instruction'
      : faults.join('\n'),
  );
  console.log(`\n${'engine'.padEnd(25)}${'version'.padEnd(17)}${'encoded'.padEnd(10)}${'decoded'.padEnd(10)}seconds`);
  let equal = faults.length === 0;
  for (const engine of ENGINES.filter(({ name }) => isWanted(name))) {
    if (!(await check(engine.name, await readyEngine(engine, null)))) equal = false;
  }
  for (const browser of [...BROWSERS, WEBKIT]) {
    const name = `${browser.name} (${JAVASCRIPT_ENGINES[browser.name]})`;
    if (isWanted(name) && !(await check(name, readyBrowser(browser)))) equal = false;
  }
  const emulated = EMULATED_ENGINES.filter(({ name }) => isWanted(name));
  if (emulated.length > 0 || options.list) {
    const names = covering();
    for (const engine of emulated) {
      if (!(await check(engine.name, await readyEngine(engine, names)))) equal = false;
    }
  }
  return (await checkTravels()) && equal;
}

/** Compresses a folder on each system and restores it on the next one. Returns whether all files are equal. */
async function checkTravels(): Promise<boolean> {
  let equal = true;
  const arm64 = EMULATED_ENGINES.slice(0, 1);
  for (const [engines, sizes] of [
    [[WINDOWS, MUSL], 5],
    [arm64, 1], // slow
  ] as const) {
    const others = engines
      .filter(({ name }) => isWanted(name))
      .flatMap(({ name, machine: get }) => {
        const machine = get();
        return typeof machine === 'string' ? [] : [{ name, machine }];
      });
    if (others.length === 0) continue;
    const {
      files,
      source,
      travels: found,
    } = await travels([{ name: 'this Node', machine: THIS_MACHINE }, ...others], sizes);
    for (const { name, compressed, restoredBy, restored } of found) {
      const isEqual = compressed === found[0]?.compressed && restored === source;
      console.log(
        `${files} files: ${name} -> ${restoredBy}: ${isEqual ? 'equal' : 'DIFFER'} (SHA-256 ${compressed.slice(0, 16)})`,
      );
      equal &&= isEqual;
    }
  }
  return equal;
}

/** Returns the names of the cases that emulated processors run. */
function covering(): string[] {
  const chosen = Object.entries(readCovering().cases);
  if (options.list) {
    for (const [name, covers] of chosen) console.log(`  ${name}: covers ${covers.join('; ')}`);
  }
  return chosen.map(([name]) => name);
}

/** Returns an engine, or why it is missing. */
async function readyEngine(engine: EngineUnderTest, names: readonly string[] | null): Promise<Ready | string> {
  const machine = engine.machine();
  if (typeof machine === 'string') return machine;
  return { version: await versionOf(machine), golden: () => goldenIn(machine, names), names };
}

function readyBrowser(browser: TestBrowser): Ready | string {
  if (browser.skip !== false) return browser.skip;
  return { version: browser.version(), golden: async () => (await findingsIn(browser, null)).golden, names: null };
}

/** Tests an engine and prints its row. Returns false if its bytes differ or if it fails; or is missing, by default. */
async function check(name: string, ready: Ready | string): Promise<boolean> {
  const row = (...columns: string[]): void => console.log(name.padEnd(25) + columns.join(''));
  if (typeof ready === 'string') {
    row(`MISSING: ${ready}`);
    return options['allow-missing'] === true;
  }
  const version = ready.version.padEnd(17);
  const began = performance.now();
  let found: Golden;
  try {
    found = await ready.golden();
  } catch (error) {
    row(version, `FAILED: ${(error as Error).message.trim().slice(-500)}`);
    return false;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const names = ready.names ?? Object.keys(golden.cases);
  const [file, decoded] = (['file', 'decoded'] as const).map((key) => differences(found, names, key));
  const cell = (others: string[] = []): string =>
    others.length === 0 ? `${names.length} equal` : `${others.length} DIFFER`;
  row(version, cell(file).padEnd(10), cell(decoded).padEnd(10), seconds);
  for (const other of new Set([...(file ?? []), ...(decoded ?? [])])) console.log(`  bytes differ: ${other}`);
  return file?.length === 0 && decoded?.length === 0;
}

/** Returns the names of the cases whose hashes differ from the golden ones. */
function differences(found: Golden, names: readonly string[], key: keyof Hashes): string[] {
  return names.filter((name) => found.cases[name]?.[key] !== golden.cases[name]?.[key]);
}
