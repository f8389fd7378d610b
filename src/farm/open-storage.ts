import { realpath } from 'node:fs/promises';
import { slashed } from '../node/path-text.js';
import { FolderStorage } from './folder-storage.js';
import { bucketOf, requireWithin } from './locations.js';
import type { Storage } from './storage.js';

/** Returns the storage at a location that the user named. */
export async function openStorage(location: string): Promise<Storage> {
  return storageAt(location, null);
}

/** The storages that a worker may use. */
export class ConfinedStorages {
  private readonly open = new Map<string, Promise<Storage>>();

  /** @param roots locations as `absoluteLocation` returns them, and the real paths of those that are directories */
  private constructor(
    private readonly roots: readonly string[],
    private readonly realRoots: readonly string[],
  ) {}

  /** @throws NodeJS.ErrnoException if a root does not exist */
  static async within(roots: readonly string[]): Promise<ConfinedStorages> {
    const folders = roots.filter((root) => bucketOf(root) === null);
    return new ConfinedStorages(
      roots,
      await Promise.all(folders.map(async (folder) => slashed(await realpath(folder)))),
    );
  }

  /**
   * Returns the storage at a location that a job names.
   * @throws PixrnnError 'usage' if it is outside the roots
   */
  async at(location: string): Promise<Storage> {
    requireWithin(location, this.roots);
    const storage = this.open.get(location) ?? storageAt(location, this.realRoots);
    this.open.set(location, storage);
    return storage;
  }

  async close(): Promise<void> {
    for (const storage of this.open.values()) (await storage).close();
  }
}

async function storageAt(location: string, roots: readonly string[] | null): Promise<Storage> {
  const bucket = bucketOf(location);
  if (bucket === null) return new FolderStorage(location, roots);
  const { openBucket } = await import('./s3-storage.js');
  return openBucket(bucket);
}
