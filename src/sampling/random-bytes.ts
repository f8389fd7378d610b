/** For each word of the state, so that the words differ whatever the seed is: digits of the golden ratio. */
const LANES = [0x9e3779b9, 0x7f4a7c15, 0xf39cc060, 0x5cedc834] as const;

/**
 * Random bytes from a seed: xoshiro128** by Blackman and Vigna, whose words of 32 bits are taken low byte first. Integers only, so that
 * they are the same on every machine. Every bit is 0 or 1 with probability 1/2 and independent of the others as far as statistical tests
 * tell; nothing here is meant for secrets.
 */
export class RandomBytes {
  private constructor(private readonly state: Uint32Array) {}

  /** A sequence of its own for each list of whole numbers from 0 on, below 2^53: a seed, and what it is for. */
  static of(...seed: readonly number[]): RandomBytes {
    const words = seed.flatMap((number) => [number >>> 0, Math.floor(number / 2 ** 32)]);
    const state = Uint32Array.from(LANES, (lane) => words.reduce((hash, word) => scramble(hash + word) + lane, lane));
    return RandomBytes.from(state);
  }

  /** By the generator's own state: four words, not all of them 0. */
  static from(state: ArrayLike<number>): RandomBytes {
    const own = Uint32Array.from(state);
    if (own.length !== 4 || own.every((word) => word === 0)) throw new RangeError('a state is four words, not all 0');
    return new RandomBytes(own);
  }

  take(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = this.nextWord();
      for (let k = 0; k < 4 && i + k < length; k++) bytes[i + k] = word >>> (8 * k);
    }
    return bytes;
  }

  /** 0 to 2^32 - 1. */
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

/** The last step of MurmurHash3: every bit of the result depends on every bit of the word. */
function scramble(word: number): number {
  let h = word >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
