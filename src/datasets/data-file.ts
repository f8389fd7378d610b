import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PixrnnError } from '../errors.js';

/** A file of a data set as it must be, byte for byte. */
export interface DataFile {
  readonly name: string;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** Whether all of the files are in a folder, whatever is in them. */
export async function areThere(folder: string, files: readonly DataFile[]): Promise<boolean> {
  const found = await Promise.all(
    files.map(({ name }) =>
      access(join(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every((isThere) => isThere);
}

/**
 * The bytes of a file. Throws `input-unreadable` where it cannot be read or holds other bytes than it must; `mend` says
 * what to do then.
 */
export async function readDataFile(folder: string, { name, sha256 }: DataFile, mend: string): Promise<Buffer> {
  const path = join(folder, name);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new PixrnnError('input-unreadable', `${path} cannot be read (${(cause as Error).message}). ${mend}`, {
      cause,
    });
  });
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new PixrnnError('input-unreadable', `${path} is not the file of the data set: its SHA-256 differs. ${mend}`);
  }
  return bytes;
}
