import { PixrnnError } from '../errors.js';
import type { Source } from './sources.js';

/** One of `count` parts of a list; `index` from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * Parses a shard such as "2/3".
 * @throws PixrnnError 'usage'
 */
export function parseShard(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new PixrnnError('usage', '--shard must be a part and the number of parts, such as 2/3.');
  }
  return { index, count };
}

/**
 * Returns a shard of a list: every `count`-th file of the sorted list, starting from the `index`-th. Each file is in exactly one shard, on all
 * machines that see the same names.
 */
export function takeShard<T extends Pick<Source, 'path'>>(sources: readonly T[], { index, count }: Shard): T[] {
  const sorted = [...sources].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return sorted.filter((_, position) => position % count === index - 1);
}
