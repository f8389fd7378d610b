/**
 * Codes the golden cases in every JavaScript engine that npm offers as a binary and compares the bytes with
 * fixtures/golden.json: V8 in several versions of Node.js and JavaScriptCore in Bun. Exit code 1 on any difference.
 */
import { type Golden, type Hashes, readGolden } from '../fixtures/golden.js';
import { engineFaults } from './engine-wasm.js';
import { ENGINES, type EngineUnderTest, goldenIn, installedEngine, versionOf } from './engines.js';

const golden = readGolden();
const faults = engineFaults();
console.log(
  faults.length === 0
    ? 'engine.wat, palette.wat, packing.wat, jpeg.wat: no import, no relaxed instruction'
    : faults.join('\n'),
);
const total = Object.keys(golden.cases).length;
console.log(`\n${'engine'.padEnd(24)}${'version'.padEnd(12)}${'encoded'.padEnd(10)}${'decoded'.padEnd(10)}seconds`);
let failed = faults.length > 0;
for (const engine of ENGINES) if (!(await check(engine))) failed = true;
process.exitCode = failed ? 1 : 0;

/**
 * Tests an engine and prints its row. Returns false if its bytes differ, if it fails, or if it cannot be installed, unless
 * --allow-missing is given.
 */
async function check(engine: EngineUnderTest): Promise<boolean> {
  const row = (...columns: string[]): void => console.log(engine.name.padEnd(24) + columns.join(''));
  const binary = installedEngine(engine);
  if (binary === null) {
    row(`NOT INSTALLED: npm could not install ${engine.source?.spec}`);
    return process.argv.includes('--allow-missing');
  }
  const version = versionOf(binary).padEnd(12);
  const began = performance.now();
  let found: Golden;
  try {
    found = await goldenIn(binary);
  } catch (error) {
    row(version, `FAILED: ${(error as Error).message.trim().slice(-500)}`);
    return false;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const [file, decoded] = (['file', 'decoded'] as const).map((key) => differences(found, key));
  const cell = (names: string[] = []): string => (names.length === 0 ? `${total} equal` : `${names.length} DIFFER`);
  row(version, cell(file).padEnd(10), cell(decoded).padEnd(10), seconds);
  for (const other of new Set([...(file ?? []), ...(decoded ?? [])])) console.log(`  bytes differ: ${other}`);
  return file?.length === 0 && decoded?.length === 0;
}

/** Returns the names of the cases whose hashes differ from the golden ones. */
function differences(found: Golden, key: keyof Hashes): string[] {
  return Object.entries(golden.cases)
    .filter(([name, hashes]) => found.cases[name]?.[key] !== hashes[key])
    .map(([name]) => name);
}
