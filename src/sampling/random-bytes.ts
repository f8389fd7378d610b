/** Digits of the golden ratio: an offset for each word of the state, so that the words differ for every seed. */
const LANES = [0x9e3779b9, 0x7f4a7c15, 0xf39cc060, 0x5cedc834] as const;

/**
 * A seeded generator of random bytes: xoshiro128** (Blackman and Vigna), each 32-bit word with the low byte first. Integer arithmetic
 * makes it identical on every machine. Not cryptographically secure.
 */
export class RandomBytes {
  private constructor(private readonly state: Uint32Array) {}

  /** Creates a generator from a list of integers >= 0 and below 2^53: a seed and its purpose. Each list has an independent sequence. */
  static of(...seed: readonly number[]): RandomBytes {
    const words = seed.flatMap((number) => [number >>> 0, Math.floor(number / 2 ** 32)]);
    const state = Uint32Array.from(LANES, (lane) => words.reduce((hash, word) => scramble(hash + word) + lane, lane));
    return RandomBytes.from(state);
  }

  /** Creates a generator from its state: four words, not all 0. */
  static from(state: ArrayLike<number>): RandomBytes {
    const own = Uint32Array.from(state);
    if (own.length !== 4 || own.every((word) => word === 0))
      throw new RangeError('the state must be four words, not all 0');
    return new RandomBytes(own);
  }

  /** Returns the next `length` bytes. */
  take(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = this.nextWord();
      for (let k = 0; k < 4 && i + k < length; k++) bytes[i + k] = word >>> (8 * k);
    }
    return bytes;
  }

  /** Returns the next word, 0 to 2^32 - 1. */
  nextWord(): number {
    const s = this.state as unknown as [number, number, number, number];
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 11);
    return result;
  }
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** The finalizer of MurmurHash3: every bit of the result depends on every bit of the word. */
function scramble(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
