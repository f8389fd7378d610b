/** Packages of npm and PyPI that contain an engine or what it needs, in a cache that all checkouts share. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const FOLDER = join(homedir(), '.cache', 'pixrnn-engines');
const TIMEOUT = 300_000;

/** Returns the path of a name in the cache. */
export function cached(name: string): string {
  mkdirSync(FOLDER, { recursive: true });
  return join(FOLDER, name);
}

/**
 * Returns the directory of a package of npm, installed if it is missing; null if that is impossible. Install scripts do not run.
 * @param spec name@version
 * @param flags `--force` for another processor, `--os` and `--cpu` for another system
 */
export function npmPackage(spec: string, flags: readonly string[] = []): string | null {
  const prefix = cached(spec.replaceAll(/[@/]/g, '_'));
  const folder = join(prefix, 'node_modules', spec.replace(/(?<=.)@[^@]*$/, ''));
  if (existsSync(folder)) return folder;
  mkdirSync(prefix, { recursive: true });
  writeFileSync(join(prefix, 'package.json'), '{}'); // npm installs next to it, so that no path is an argument
  const common = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--silent', '--fetch-retries=1'];
  const args = ['install', ...common, ...flags, spec];
  spawnSync('npm', args, { cwd: prefix, timeout: TIMEOUT, shell: process.platform === 'win32' });
  return existsSync(folder) ? folder : null;
}

/**
 * Returns the directory of an unpacked wheel of PyPI for another platform, downloaded if it is missing; null if that is impossible.
 * @param platform as in the wheel's name: `musllinux_1_2_x86_64`
 */
export function wheel(name: string, platform: string): string | null {
  const folder = cached(`${name}_${platform}`);
  if (existsSync(folder)) return folder;
  const download = `${folder}.download`;
  rmSync(download, { recursive: true, force: true });
  mkdirSync(join(download, 'content'), { recursive: true });
  const python = `import glob, zipfile; zipfile.ZipFile(glob.glob('*.whl')[0]).extractall('content')`;
  for (const [program, ...args] of [
    ['pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', `--platform=${platform}`, name],
    ['python3', '-c', python],
  ] as const) {
    if (spawnSync(program, args, { cwd: download, timeout: TIMEOUT }).status !== 0) return null;
  }
  renameSync(join(download, 'content'), folder);
  rmSync(download, { recursive: true, force: true });
  return folder;
}
