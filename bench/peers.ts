import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Sizes in bytes by codec, and then by `set/file`. */
export type Sizes = ReadonlyMap<string, ReadonlyMap<string, number>>;

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
  const sizes = existsSync(path) ? await readSizes(path) : new Map<string, ReadonlyMap<string, number>>();
  return { paq: sizes.get('paq8px-8') ?? new Map(), best: sizes.get('jxl-best') ?? new Map() };
}

/** A table with the columns set, file, width, height, codec, bytes, tab-separated below a line of headings. */
export async function readSizes(path: string): Promise<Sizes> {
  const sizes = new Map<string, Map<string, number>>();
  for (const line of (await readFile(path, 'utf8')).split('\n').slice(1)) {
    const [set, file, , , codec, bytes] = line.split('\t');
    if (codec === undefined) continue;
    const ofCodec = sizes.get(codec) ?? new Map<string, number>();
    sizes.set(codec, ofCodec.set(`${set}/${file}`, Number(bytes)));
  }
  return sizes;
}
