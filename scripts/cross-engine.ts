/**
 * Codes the golden cases in every JavaScript engine that npm offers as a binary and compares the bytes with
 * fixtures/golden.json: V8 in four versions of Node and JavaScriptCore in Bun. Exit code 1 on any difference.
 * Engines are installed into a temporary folder outside of the checkout, where the next run finds them again.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Golden, type Hashes, readGolden } from '../fixtures/golden.js';
import { engineFaults } from './engine-wasm.js';

interface EngineUnderTest {
  readonly name: string;
  /** npm package and the binary in it; null for the Node that runs this. */
  readonly source: { readonly spec: string; readonly binary: string } | null;
}

const RUNNER = fileURLToPath(new URL('./golden-run.js', import.meta.url));
const FOLDER = join(homedir(), '.cache', 'pixrnn-engines');
const PLATFORM = `${process.platform}-${process.arch}`;

const node = (name: string, version: string): EngineUnderTest => ({
  name,
  source: { spec: `node-${PLATFORM}@${version}`, binary: `node_modules/node-${PLATFORM}/bin/node` },
});
const bunPackage = `@oven/bun-${PLATFORM.replace('arm64', 'aarch64')}`;

const ENGINES: readonly EngineUnderTest[] = [
  { name: 'this Node (V8)', source: null },
  node('oldest Node (V8)', '20.9.0'),
  node('Node 22 (V8)', '22'),
  node('Node 24 (V8)', '24'),
  node('newest Node (V8)', 'latest'),
  {
    name: 'Bun (JavaScriptCore)',
    source: { spec: `${bunPackage}@latest`, binary: `node_modules/${bunPackage}/bin/bun` },
  },
];

const golden = readGolden();
const faults = engineFaults();
console.log(faults.length === 0 ? 'engine.wat, colours.wat: no import, no relaxed instruction' : faults.join('\n'));
const total = Object.keys(golden.cases).length;
console.log(`\n${'engine'.padEnd(24)}${'version'.padEnd(12)}${'encoded'.padEnd(10)}${'decoded'.padEnd(10)}seconds`);
let failed = faults.length > 0;
for (const engine of ENGINES) if (!check(engine)) failed = true;
process.exitCode = failed ? 1 : 0;

/** Prints an engine's row; false where it gave other bytes or could not run. One that cannot be installed counts as a failure unless --allow-missing is given. */
function check({ name, source }: EngineUnderTest): boolean {
  const row = (...columns: string[]): void => console.log(name.padEnd(24) + columns.join(''));
  const binary = source === null ? process.execPath : installed(source);
  if (binary === null) {
    row(`NOT INSTALLED: npm could not give ${source?.spec}`);
    return process.argv.includes('--allow-missing');
  }
  const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim().padEnd(12);
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(binary, [RUNNER], { encoding: 'utf8', maxBuffer: 2 ** 24 });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (status !== 0) {
    row(version, `FAILED (${status}): ${stderr.trim().slice(-500)}`);
    return false;
  }
  const found = JSON.parse(stdout) as Golden;
  const [file, samples] = (['file', 'samples'] as const).map((key) => differences(found, key));
  const cell = (names: string[] = []): string => (names.length === 0 ? `${total} equal` : `${names.length} OTHER`);
  row(version, cell(file).padEnd(10), cell(samples).padEnd(10), seconds);
  for (const other of new Set([...(file ?? []), ...(samples ?? [])])) console.log(`  other bytes: ${other}`);
  return file?.length === 0 && samples?.length === 0;
}

/** Names of the cases whose hashes are not the golden ones. */
function differences(found: Golden, key: keyof Hashes): string[] {
  return Object.entries(golden.cases)
    .filter(([name, hashes]) => found.cases[name]?.[key] !== hashes[key])
    .map(([name]) => name);
}

/** The path of an engine's binary, installed if it is not there yet; null where npm cannot give it. No script runs. */
function installed({ spec, binary }: { spec: string; binary: string }): string | null {
  const prefix = join(FOLDER, spec.replaceAll(/[@/]/g, '_'));
  const path = join(prefix, binary);
  if (!existsSync(path)) {
    mkdirSync(prefix, { recursive: true });
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--silent'];
    spawnSync('npm', ['install', '--prefix', prefix, ...flags, spec], { cwd: prefix, timeout: 300_000 });
  }
  return existsSync(path) ? path : null;
}
