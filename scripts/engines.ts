/** JavaScript engines that npm offers as a binary, for this machine and for others, and the golden cases in them. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Golden } from '../fixtures/golden.js';

/** A program and its first arguments. */
export type Command = readonly [string, ...string[]];

/** A package of npm and the binary in it. */
export interface BinaryPackage {
  readonly spec: string;
  readonly binary: string;
}

/** A processor that QEMU emulates, with libraries from Debian's packages for cross compilation. */
interface Emulator {
  readonly program: string;
  readonly libraries: string;
  /** Debian's packages of the libraries, for the message that they are missing. */
  readonly packages: string;
}

export interface EngineUnderTest {
  readonly name: string;
  /** Null for the running Node.js. */
  readonly source: BinaryPackage | null;
  /** Null for engines that run on this machine. An emulated engine is slow and runs a choice of the cases. */
  readonly emulator: Emulator | null;
}

const RUNNER = fileURLToPath(new URL('./golden-run.js', import.meta.url));
/** Cache of installed engines, shared by all checkouts. */
const FOLDER = join(homedir(), '.cache', 'pixrnn-engines');
const PLATFORM = `${process.platform}-${process.arch}`;

const node = (name: string, version: string, platform = PLATFORM): EngineUnderTest => ({
  name,
  source: { spec: `node-${platform}@${version}`, binary: `node_modules/node-${platform}/bin/node` },
  emulator: null,
});
const emulated = (name: string, arch: string, version: string, emulator: Emulator): EngineUnderTest => ({
  ...node(name, version, `linux-${arch}`),
  emulator,
});
const bunPackage = `@oven/bun-${PLATFORM.replace('arm64', 'aarch64')}`;

export const ENGINES: readonly EngineUnderTest[] = [
  { name: 'this Node (V8)', source: null, emulator: null },
  node('oldest Node (V8)', '20.9.0'),
  node('Node 22 (V8)', '22'),
  node('Node 24 (V8)', '24'),
  node('newest Node (V8)', 'latest'),
  {
    name: 'Bun (JavaScriptCore)',
    source: { spec: `${bunPackage}@latest`, binary: `node_modules/${bunPackage}/bin/bun` },
    emulator: null,
  },
];

export const EMULATED_ENGINES: readonly EngineUnderTest[] = [
  emulated('Node on arm64 (V8)', 'arm64', '20', {
    program: 'qemu-aarch64-static',
    libraries: '/usr/aarch64-linux-gnu',
    packages: 'libc6-arm64-cross libstdc++6-arm64-cross',
  }),
  emulated('Node on armv7 (V8)', 'armv7l', '20.11.0', {
    program: 'qemu-arm-static',
    libraries: '/usr/arm-linux-gnueabihf',
    packages: 'libc6-armhf-cross libstdc++6-armhf-cross libatomic1-armhf-cross',
  }),
];

/** The big-endian engine that is on npm: pixrnn does not run there, and must say so. */
export const BIG_ENDIAN_ENGINE: EngineUnderTest = emulated('Node on s390x (V8)', 's390x', '20.11.0', {
  program: 'qemu-s390x-static',
  libraries: '/usr/s390x-linux-gnu',
  packages: 'libc6-s390x-cross libstdc++6-s390x-cross',
});

/**
 * Returns the program and the first arguments that start an engine, after installing it if it is missing; the reason as
 * text if that is impossible. Install scripts do not run.
 */
export function commandOf({ source, emulator }: EngineUnderTest): Command | string {
  if (source === null) return [process.execPath];
  if (emulator !== null) {
    const { program, libraries, packages } = emulator;
    if (spawnSync(program, ['--version']).error) return `${program} is missing: install qemu-user-static`;
    if (!existsSync(join(libraries, 'lib/libstdc++.so.6'))) return `${libraries} is incomplete: install ${packages}`;
  }
  const prefix = join(FOLDER, source.spec.replaceAll(/[@/]/g, '_'));
  const path = join(prefix, source.binary);
  if (!existsSync(path)) {
    mkdirSync(prefix, { recursive: true });
    writeFileSync(join(prefix, 'package.json'), '{}'); // npm installs next to it, so that no path is an argument
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--silent', '--fetch-retries=1'];
    // npm refuses packages for other processors without --force.
    const force = emulator === null ? [] : ['--force'];
    const args = ['install', ...flags, ...force, source.spec];
    spawnSync('npm', args, { cwd: prefix, timeout: 300_000, shell: process.platform === 'win32' });
  }
  if (!existsSync(path)) return `npm cannot install ${source.spec}`;
  return emulator === null ? [path] : [emulator.program, '-L', emulator.libraries, path];
}

export function versionOf([program, ...args]: Command): string {
  return execFileSync(program, [...args, '--version'], { encoding: 'utf8' }).trim();
}

/**
 * Runs an engine and returns the hashes of the golden cases in it.
 * @param names names of the cases; null for all
 */
export async function goldenIn([program, ...args]: Command, names: readonly string[] | null): Promise<Golden> {
  const run = [...args, RUNNER, ...(names === null ? [] : [JSON.stringify(names)])];
  const { stdout } = await promisify(execFile)(program, run, { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout) as Golden;
}
