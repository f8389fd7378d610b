import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Sizes in bytes that other codecs gave before on the very files of the data, by `set/file`. */
export interface Peers {
  /** paq8px -8, which takes minutes an image, so that it is not run here. */
  paq: ReadonlyMap<string, number>;
  /** cjxl -d 0 -e 9 -E 3 -I 100. */
  best: ReadonlyMap<string, number>;
}

/** Nothing where the data come without PEERS.tsv. */
export async function readPeers(data: string): Promise<Peers> {
  const path = join(data, 'PEERS.tsv');
  const lines = existsSync(path) ? (await readFile(path, 'utf8')).split('\n') : [];
  const sizesOf = (wanted: string): Map<string, number> => {
    const sizes = new Map<string, number>();
    for (const line of lines) {
      const [set, file, , , codec, bytes] = line.split('\t');
      if (codec === wanted) sizes.set(`${set}/${file}`, Number(bytes));
    }
    return sizes;
  };
  return { paq: sizesOf('paq8px-8'), best: sizesOf('jxl-best') };
}
