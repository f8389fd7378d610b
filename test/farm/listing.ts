import type { FoundFile, Storage } from '#pixrnn/farm/storage.js';

/** Returns a storage that lists names and holds none of them. */
export function listing(count: number, nameOf: (index: number) => string): Storage {
  const unused = (): never => {
    throw new Error('only listed');
  };
  return {
    location: '/in',
    keyOf: (name) => name,
    async *list(accepts): AsyncIterable<FoundFile> {
      await Promise.resolve();
      for (let i = 0; i < count; i++) {
        const name = nameOf(i);
        if (accepts(name)) yield { name, bytes: 1e6, version: `1000000-${1.7e18 + i}` };
      }
    },
    ...{ find: unused, read: unused, write: unused, remove: unused, clean: unused, close: unused },
  };
}
