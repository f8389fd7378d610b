/*
 * Finds names that occur twice among any number of names, in constant memory.
 */

/** Bits of a table, 32 MiB that are touched only as far as keys need: one percent of false alarms for 2.7 million keys. */
const BITS = 2 ** 28;

/** A set of the keys that were added, and one of those that were added again. Both answer for a few other keys too. */
export class RepeatedKeys {
  private readonly seen = new Uint8Array(BITS / 8);
  private readonly repeated = new Uint8Array(BITS / 8);

  add(key: string): void {
    const hash = hashOf(key) % BITS;
    const [at, bit] = [hash >>> 3, 1 << (hash & 7)];
    if (this.seen[at]! & bit) this.repeated[at]! |= bit;
    this.seen[at]! |= bit;
  }

  /** Returns true for every key that was added twice, and for a few others. */
  mayRepeat(key: string): boolean {
    const hash = hashOf(key) % BITS;
    return (this.repeated[hash >>> 3]! & (1 << (hash & 7))) !== 0;
  }
}

/** Returns FNV-1a of the UTF-16 units as 32 bits, with the finalizer of MurmurHash3, since its low bits alone are weak. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
