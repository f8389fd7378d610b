import { readFile } from 'node:fs/promises';
import { sha256Text } from '../codec/check.js';
import { fsPath } from './path-bytes.js';
import { type Exactness } from '../codec/choose-result.js';
import { type Container, parseFile, type PrnnFile } from '../codec/container.js';
import { openContainer } from '../codec/open-container.js';
import { sourceOf } from '../codec/source-of.js';
import { readImage } from '../image/read-image.js';
import { type Image, storedDifference } from './compare.js';
import { statsOf } from './stats.js';

/*
 * Checks whether an existing file is the output of a source, for --skip-existing. Never decodes with a model.
 */

/** What exists under an output's name: nothing, the output, or another file; `reason` states how it differs. */
export type Existing =
  { readonly kind: 'none' } | { readonly kind: 'done' } | { readonly kind: 'other'; readonly reason: string };

/** Checks whether a .prnn file is complete and stores an image, and whether it restores the file that it came from. */
export function existingPrnn(
  path: string,
  image: Image,
  { source, exactness }: { readonly source: Uint8Array; readonly exactness: Exactness },
): Promise<Existing> {
  return existing(path, async (bytes) => {
    const { restores, sourceDigest } = sourceOf(parseFile(bytes, { maxPixels: Infinity }));
    if (restores === 'file' && exactness !== 'pixels') {
      return sourceDigest === sha256Text(source) ? null : 'it restores another file';
    }
    if (restores === 'pixels' && exactness === 'exact') return 'it does not restore the bytes of the file';
    return storedDifference(await openContainer(bytes, { maxPixels: Infinity }), image);
  });
}

/** Checks whether a .prnn file is complete and restores a file. */
export function existingRestoring(path: string, source: Uint8Array): Promise<Existing> {
  return existing(path, (bytes) => {
    const { sourceDigest } = sourceOf(parseFile(bytes, { maxPixels: Infinity }));
    return Promise.resolve(sourceDigest === sha256Text(source) ? null : 'it restores another file');
  });
}

/** Checks whether an image file is complete and contains the image of a .prnn file. */
export function existingImage(path: string, container: Container): Promise<Existing> {
  return existing(path, async (bytes) =>
    storedDifference(container, await readImage(bytes, { maxPixels: Infinity, allowLossySource: true })),
  );
}

/** Checks whether a file is the one that a .prnn file restores. */
export function existingSource(path: string, file: PrnnFile): Promise<Existing> {
  return existing(path, (bytes) =>
    Promise.resolve(sourceOf(file).sourceDigest === sha256Text(bytes) ? null : 'its contents differ'),
  );
}

async function existing(path: string, differenceOf: (bytes: Buffer) => Promise<string | null>): Promise<Existing> {
  // Writing rejects directories and pipes; reading a pipe would block.
  if (!statsOf(path)?.isFile()) return { kind: 'none' };
  try {
    const reason = await differenceOf(await readFile(fsPath(path)));
    return reason === null ? { kind: 'done' } : { kind: 'other', reason };
  } catch (error) {
    return { kind: 'other', reason: (error as Error).message.replace(/\.( [^.]*\.)?$/, '') };
  }
}
