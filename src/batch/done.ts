import { readFile } from 'node:fs/promises';
import { fsPath } from './path-bytes.js';
import { type Container, decodeContainer } from '../codec/container.js';
import { readImage } from '../node/image/read-image.js';
import { type Image, storedDifference } from './compare.js';
import { statsOf } from './stats.js';

/*
 * Checks whether an existing file is the output of a source, for --skip-existing. Never decodes with a model.
 */

/** What exists under an output's name: nothing, the output, or another file; `reason` states how it differs. */
export type Existing =
  { readonly kind: 'none' } | { readonly kind: 'done' } | { readonly kind: 'other'; readonly reason: string };

/** Checks whether a .prnn file is complete and stores an image. */
export function existingPrnn(path: string, image: Image): Promise<Existing> {
  return existing(path, (bytes) => storedDifference(decodeContainer(bytes, { maxPixels: Infinity }), image));
}

/** Checks whether an image file is complete and contains the image of a .prnn file. */
export function existingImage(path: string, container: Container): Promise<Existing> {
  return existing(path, async (bytes) =>
    storedDifference(container, await readImage(bytes, { maxPixels: Infinity, allowLossySource: true })),
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
