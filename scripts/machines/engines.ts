/** The JavaScript engines in which pixrnn is checked, and the golden cases in them. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Golden } from '../../fixtures/golden.js';
import { type Machine, outputOn, THIS_MACHINE } from './machine.js';
import { muslMachine } from './musl.js';
import { npmPackage } from './packages.js';
import { sharpBinary } from './sharp-binary.js';
import { wineMachine } from './wine.js';

export interface EngineUnderTest {
  readonly name: string;
  /** Returns the engine, after installing it if it is missing; the reason as text if that is impossible. */
  readonly machine: () => Machine | string;
}

/** A processor that QEMU emulates, with libraries from Debian's packages for cross compilation. */
interface Emulator {
  readonly program: string;
  readonly libraries: string;
  /** Debian's packages of the libraries, for the message that they are missing. */
  readonly packages: string;
}

const RUNNER = fileURLToPath(new URL('../golden-run.js', import.meta.url));
const PLATFORM = `${process.platform}-${process.arch}`;

/** Returns an engine of a package of npm. */
function engineOf(name: string, spec: string, binary: string): EngineUnderTest {
  const machine = (): Machine | string => {
    const folder = npmPackage(spec);
    return folder === null ? `npm cannot install ${spec}` : { ...THIS_MACHINE, command: [join(folder, binary)] };
  };
  return { name, machine };
}

/** Returns Node.js of a version, or of a major version. */
export function nodeEngine(name: string, version: string): EngineUnderTest {
  return engineOf(name, `node-${PLATFORM}@${version}`, 'bin/node');
}

function emulated(name: string, arch: string, version: string, emulator: Emulator): EngineUnderTest {
  const { program, libraries, packages } = emulator;
  const spec = `node-linux-${arch}@${version}`;
  const machine = (): Machine | string => {
    if (spawnSync(program, ['--version']).error) return `${program} is missing: install qemu-user-static`;
    if (!existsSync(join(libraries, 'lib/libstdc++.so.6'))) return `${libraries} is incomplete: install ${packages}`;
    const folder = npmPackage(spec, ['--force']); // npm refuses packages for other processors without it
    if (folder === null) return `npm cannot install ${spec}`;
    const modules = sharpBinary(`linux-${arch}`, [`--cpu=${arch}`, '--libc=glibc', '--force']);
    return {
      ...THIS_MACHINE,
      command: [program, '-L', libraries, join(folder, 'bin/node')],
      env: modules === null ? {} : { NODE_PATH: modules }, // there is none for armv7l and s390x
    };
  };
  return { name, machine };
}

export const WINDOWS: EngineUnderTest = { name: 'Node 22 for Windows (Wine)', machine: () => wineMachine('22') };
export const MUSL: EngineUnderTest = { name: 'Node 24 for musl', machine: muslMachine };

export const ENGINES: readonly EngineUnderTest[] = [
  { name: 'this Node (V8)', machine: () => THIS_MACHINE },
  nodeEngine('oldest Node (V8)', '20.9.0'),
  nodeEngine('Node 22 (V8)', '22'),
  nodeEngine('Node 24 (V8)', '24'),
  nodeEngine('newest Node (V8)', 'latest'),
  engineOf('Bun (JavaScriptCore)', `@oven/bun-${PLATFORM.replace('arm64', 'aarch64')}@latest`, 'bin/bun'),
  WINDOWS,
  MUSL,
];

/** Slow engines, which run a choice of the cases. */
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

/** Returns the version that an engine prints. */
export async function versionOf(machine: Machine): Promise<string> {
  return (await outputOn(machine, ['--version'])).trim();
}

/**
 * Runs an engine and returns the hashes of the golden cases in it.
 * @param names names of the cases; null for all
 */
export async function goldenIn(machine: Machine, names: readonly string[] | null): Promise<Golden> {
  const args = [machine.pathOf(RUNNER), ...(names === null ? [] : [JSON.stringify(names)])];
  return JSON.parse(await outputOn(machine, args)) as Golden;
}
