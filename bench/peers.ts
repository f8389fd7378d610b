import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Sizes in bytes by codec, and then by `set/file`. */
export type Sizes = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Sizes in bytes that other codecs produced earlier from the same files, by `set/file`. */
export interface Peers {
  /** paq8px -8, which needs minutes per image and is therefore not run here. */
  paq: ReadonlyMap<string, number>;
  /** cjxl -d 0 -e 9 -E 3 -I 100. */
  best: ReadonlyMap<string, number>;
  /** cwebp -lossless -z 9. */
  webp: ReadonlyMap<string, number>;
}

/** Empty maps if the data come without PEERS.tsv. */
export async function readPeers(data: string): Promise<Peers> {
  const path = join(data, 'PEERS.tsv');
  const sizes = existsSync(path) ? await readSizes(path) : new Map<string, ReadonlyMap<string, number>>();
  const sizesOf = (codec: string): ReadonlyMap<string, number> => sizes.get(codec) ?? new Map<string, number>();
  return { paq: sizesOf('paq8px-8'), best: sizesOf('jxl-best'), webp: sizesOf('webp-z9') };
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

/**
 * Sizes in bytes of pixrnn at its default effort that an earlier run of the bench reported, by `set/file` without
 * extension; exact to three decimals of bits/dim. Empty if the report is missing or is of another model.
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
