import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Sizes in bytes by codec, then by `set/file`. */
export type Sizes = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Sizes in bytes that other codecs produced earlier from the same files, by `set/file`. */
export interface Peers {
  /** paq8px -8: not run here because it needs minutes per image. */
  paq: ReadonlyMap<string, number>;
  /** cjxl -d 0 -e 9 -E 3 -I 100. */
  best: ReadonlyMap<string, number>;
  /** cwebp -lossless -z 9. */
  webp: ReadonlyMap<string, number>;
}

/** Reads PEERS.tsv; returns empty maps if the data folder has none. */
export async function readPeers(data: string): Promise<Peers> {
  const path = join(data, 'PEERS.tsv');
  const sizes = existsSync(path) ? await readSizes(path) : new Map<string, ReadonlyMap<string, number>>();
  const sizesOf = (codec: string): ReadonlyMap<string, number> => sizes.get(codec) ?? new Map<string, number>();
  return { paq: sizesOf('paq8px-8'), best: sizesOf('jxl-best'), webp: sizesOf('webp-z9') };
}

/** Reads a tab-separated table with a header line and the columns set, file, width, height, codec and bytes. */
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

/**
 * Returns the sizes in bytes that pixrnn produced at its default effort in an earlier run of the bench, by `set/file`
 * without extension, exact to three decimals of bits/dim. Empty if the report is missing or is about another model.
 */
export async function readReported(path: string, model: string): Promise<ReadonlyMap<string, number>> {
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  const rows = text.matchAll(/^\| (\w+\/[\w-]+) +\| +(\d+) x (\d+) \| +(\d\.\d{3}) \|/gm);
  const sizes = [...rows].map(([, name = '', width, height, bitsPerDim]): [string, number] => [
    name,
    (Number(bitsPerDim) * 3 * Number(width) * Number(height)) / 8,
  ]);
  return new Map(text.includes(`- Model: ${model}\n`) ? sizes : []);
}
