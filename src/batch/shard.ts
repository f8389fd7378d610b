import { PixrnnError } from '../errors.js';
import type { Source } from './sources.js';

/** One of `count` parts of a list; `index` from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * "2/3" as a shard.
 * @throws PixrnnError 'usage'
 */
export function parseShard(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new PixrnnError('usage', '--shard takes a part and the number of parts, such as 2/3.');
  }
  return { index, count };
}

/**
 * The part of a list that a shard names: of the list sorted by name every `count`-th from the `index`-th on. All shards of a list hold each
 * file once, on every machine that sees the same names.
 */
export function takeShard<T extends Pick<Source, 'path'>>(sources: readonly T[], { index, count }: Shard): T[] {
  const sorted = [...sources].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return sorted.filter((_, position) => position % count === index - 1);
}
