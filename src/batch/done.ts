import { readFile } from 'node:fs/promises';
import { fsPath } from './path-bytes.js';
import { type Container, decodeContainer } from '../codec/container.js';
import { readImage } from '../node/image/read-image.js';
import { type Image, storedDifference } from './compare.js';
import { statsOf } from './stats.js';

/*
 * Whether what stands under a result's name is that result, so that it need not be made again. Never decodes with a model.
 */

/** What a name holds: nothing, the result, or something else, of which `reason` says what is wrong with it. */
export type Existing =
  { readonly kind: 'none' } | { readonly kind: 'done' } | { readonly kind: 'other'; readonly reason: string };

/** Whether a .prnn file is whole and stores an image. */
export function existingPrnn(path: string, image: Image): Promise<Existing> {
  return existing(path, (bytes) => storedDifference(decodeContainer(bytes, { maxPixels: Infinity }), image));
}

/** Whether an image file is whole and shows what a .prnn file stores. */
export function existingImage(path: string, container: Container): Promise<Existing> {
  return existing(path, async (bytes) =>
    storedDifference(container, await readImage(bytes, { maxPixels: Infinity, allowLossySource: true })),
  );
}

async function existing(path: string, differenceOf: (bytes: Buffer) => Promise<string | null>): Promise<Existing> {
  // Of a folder or a pipe whoever writes complains; reading a pipe would wait.
  if (!statsOf(path)?.isFile()) return { kind: 'none' };
  try {
    const reason = await differenceOf(await readFile(fsPath(path)));
    return reason === null ? { kind: 'done' } : { kind: 'other', reason };
  } catch (error) {
    return { kind: 'other', reason: (error as Error).message.replace(/\.( [^.]*\.)?$/, '') };
  }
}
