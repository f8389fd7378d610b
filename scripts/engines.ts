/** The JavaScript engines that npm offers as a binary, and the hashes of the golden cases in them. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Golden } from '../fixtures/golden.js';

export interface EngineUnderTest {
  readonly name: string;
  /** npm package and the binary in it; null for the running Node.js. */
  readonly source: { readonly spec: string; readonly binary: string } | null;
}

const RUNNER = fileURLToPath(new URL('./golden-run.js', import.meta.url));
/** Cache of installed engines, shared by all checkouts. */
const FOLDER = join(homedir(), '.cache', 'pixrnn-engines');
const PLATFORM = `${process.platform}-${process.arch}`;

const node = (name: string, version: string): EngineUnderTest => ({
  name,
  source: { spec: `node-${PLATFORM}@${version}`, binary: `node_modules/node-${PLATFORM}/bin/node` },
});
const bunPackage = `@oven/bun-${PLATFORM.replace('arm64', 'aarch64')}`;

export const ENGINES: readonly EngineUnderTest[] = [
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

/** Returns the path of an engine's binary and installs it if missing; null if npm cannot. Install scripts do not run. */
export function installedEngine({ source }: EngineUnderTest): string | null {
  if (source === null) return process.execPath;
  const prefix = join(FOLDER, source.spec.replaceAll(/[@/]/g, '_'));
  const path = join(prefix, source.binary);
  if (!existsSync(path)) {
    mkdirSync(prefix, { recursive: true });
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--silent', '--fetch-retries=1'];
    spawnSync('npm', ['install', '--prefix', prefix, ...flags, source.spec], { cwd: prefix, timeout: 300_000 });
  }
  return existsSync(path) ? path : null;
}

export function versionOf(binary: string): string {
  return execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
}

/** Runs an engine and returns the hashes of the golden cases in it. */
export async function goldenIn(binary: string): Promise<Golden> {
  const { stdout } = await promisify(execFile)(binary, [RUNNER], { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout) as Golden;
}
