import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellWord } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';

/** A file of a data set and the hash of its content. */
export interface DataFile {
  readonly name: string;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** Whether all files exist in a folder; their content is not checked. */
export async function allExist(folder: string, files: readonly DataFile[]): Promise<boolean> {
  const found = await Promise.all(
    files.map(({ name }) =>
      access(join(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every((exists) => exists);
}

/**
 * Returns the bytes of a file. Throws `input-unreadable` if it cannot be read or its hash differs; `advice` ends the message
 * with what to do.
 */
export async function readDataFile(folder: string, { name, sha256 }: DataFile, advice: string): Promise<Buffer> {
  const path = join(folder, name);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new PixrnnError(
      'input-unreadable',
      `${shellWord(path)} cannot be read (${(cause as Error).message}). ${advice}`,
      {
        cause,
      },
    );
  });
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new PixrnnError(
      'input-unreadable',
      `${shellWord(path)} is not the file of the data set: its SHA-256 differs. ${advice}`,
    );
  }
  return bytes;
}
