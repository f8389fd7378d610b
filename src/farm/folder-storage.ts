import { constants, rmSync } from 'node:fs';
import { mkdir, open, opendir, readdir, realpath, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { shellWord, slashed } from '../node/path-text.js';
import { untilFree } from '../node/write-atomically.js';
import { foldName, ignoresCase } from '../batch/ignores-case.js';
import { removeLeftovers } from '../batch/leftovers.js';
import { fsPath, pathOf } from '../batch/path-bytes.js';
import { PixrnnError } from '../errors.js';
import { isHidden, safeName } from './file-name.js';
import { isWithin } from './locations.js';
import { type FoundFile, MAX_FILE_BYTES, type Storage, StorageError, type StoredFile } from './storage.js';
import { WORK_FOLDER, type WriteOptions } from './storage.js';
import { writeWholeFile } from './write-whole-file.js';

/** Age of the temporary files of other machines that are removed, in milliseconds. */
const STALE = 24 * 3600 * 1000;

/** A directory that all machines mount under the same path. */
export class FolderStorage implements Storage {
  private isCleaned = false;
  private ignoresCase: boolean | undefined;

  /** @param roots real paths that files must be in; null for a command of the user, which may open anything */
  constructor(
    readonly location: string,
    private readonly roots: readonly string[] | null,
  ) {}

  keyOf(name: string): string {
    this.ignoresCase ??= ignoresCase(this.location);
    return this.ignoresCase ? foldName(name) : name;
  }

  async *list(accepts: (name: string) => boolean, below = ''): AsyncIterable<FoundFile> {
    const folder = await opendir(fsPath(join(this.location, below)), { encoding: 'buffer' as BufferEncoding }).catch(
      (error: unknown) => {
        const what = `the directory ${shellWord(join(this.location, below))} cannot be read (${(error as Error).message})`;
        throw new PixrnnError('input-unreadable', `${what}. Check the path and its permissions.`, { cause: error });
      },
    );
    for await (const entry of folder) {
      const name = below + pathOf(entry.name as unknown as Buffer);
      if (isHidden(name)) continue;
      if (entry.isDirectory()) yield* this.list(accepts, `${name}/`);
      else if (accepts(name)) {
        const found = await this.find(name);
        if (found) yield found;
      }
    }
  }

  async find(name: string): Promise<FoundFile | null> {
    const stats = await stat(fsPath(this.pathOf(name)), { bigint: true }).catch(ifMissing);
    return stats?.isFile() ? { name, bytes: Number(stats.size), version: versionOf(stats) } : null;
  }

  async read(name: string, maxBytes = MAX_FILE_BYTES): Promise<StoredFile> {
    const path = this.pathOf(name);
    const real = await realpath(fsPath(path), { encoding: 'buffer' }).catch(ifMissing);
    if (real === null) throw new PixrnnError('input-unreadable', 'no such file. Check the name.');
    this.requireInside(pathOf(real));
    // Opening a pipe would block a thread until there is a writer.
    const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK).catch(orFail(path));
    try {
      const stats = await file.stat({ bigint: true });
      if (!stats.isFile()) throw new PixrnnError('input-unreadable', 'it is not a regular file. Check the name.');
      if (stats.size > BigInt(maxBytes)) {
        const what = `it has ${stats.size} bytes, more than the limit of ${maxBytes}`;
        throw new PixrnnError('limit', `${what}. Compress it on one machine.`);
      }
      const bytes = await file.readFile().catch(orFail(path));
      const after = versionOf(await file.stat({ bigint: true }));
      if (after !== versionOf(stats)) throw new StorageError('the file changed while it was read');
      return { bytes, version: after, attributes: stats };
    } finally {
      await file.close();
    }
  }

  async write(name: string, bytes: Uint8Array, options: WriteOptions): Promise<'written' | 'exists'> {
    const path = this.pathOf(name);
    try {
      await this.removeLeftoversOnce();
      const folder = join(this.location, WORK_FOLDER);
      for (const needed of [dirname(path), folder]) {
        await mkdir(fsPath(needed), { recursive: true });
        this.requireInside(pathOf(await realpath(fsPath(needed), { encoding: 'buffer' })));
      }
      return await writeWholeFile({ path, folder, bytes, ...options });
    } catch (error) {
      if (error instanceof PixrnnError) throw error;
      throw failure(path, error);
    }
  }

  async remove(name: string): Promise<void> {
    const path = this.pathOf(name);
    const folder = await realpath(fsPath(dirname(path)), { encoding: 'buffer' }).catch(ifMissing);
    if (folder === null) return;
    this.requireInside(pathOf(folder));
    await untilFree(() => rmSync(fsPath(path), { force: true })).catch(orFail(path));
    if (isHidden(name)) await rmdir(fsPath(dirname(path))).catch(() => undefined); // unless it has other files
  }

  async clean(): Promise<void> {
    await this.removeLeftovers();
    await rmdir(fsPath(join(this.location, WORK_FOLDER))).catch(() => undefined); // unless it has other files
  }

  close(): void {}

  /** Before the first file, because temporary files with the id of this process count as those of an earlier one. */
  private async removeLeftoversOnce(): Promise<void> {
    if (this.isCleaned) return;
    this.isCleaned = true;
    await this.removeLeftovers();
  }

  private async removeLeftovers(): Promise<void> {
    const work = join(this.location, WORK_FOLDER);
    removeLeftovers(work);
    for (const name of await readdir(fsPath(work)).catch(() => [])) {
      const path = fsPath(join(work, name));
      const stats = await stat(path).catch(() => null);
      if (stats?.isFile() && Date.now() - stats.mtimeMs > STALE) await rm(path, { force: true });
    }
  }

  private pathOf(name: string): string {
    return join(this.location, safeName(name));
  }

  private requireInside(real: string): void {
    if (this.roots === null || this.roots.some((root) => isWithin(slashed(real), root))) return;
    throw new PixrnnError('usage', 'a link leads out of the roots of this worker. Start it with another --root.');
  }
}

function versionOf({ size, mtimeNs }: { readonly size: bigint; readonly mtimeNs: bigint }): string {
  return `${size}-${mtimeNs}`;
}

function ifMissing(error: unknown): null {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw new StorageError(message, { cause: error });
}

function orFail(path: string): (error: unknown) => never {
  return (error) => {
    throw failure(path, error);
  };
}

/** Permissions do not change by trying again, and neither does a file that is none. */
function failure(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EISDIR') {
    const what = `it cannot be opened (${message})`;
    return new PixrnnError('input-unreadable', `${what}. Check the permissions of ${shellWord(path)}.`, {
      cause: error,
    });
  }
  return new StorageError(message, { cause: error });
}
