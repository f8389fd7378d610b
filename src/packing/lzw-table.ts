import { MAX_CODE_BITS } from './lzw-codes.js';

const MAX_CODES = 1 << MAX_CODE_BITS;

/** Slots of the hash table, four for each code. */
const SLOTS = 4 * MAX_CODES;

/** The strings of an LZW encoder, each a shorter string and one more value. */
export class LzwTable {
  /** The code that clears the table. */
  readonly clear: number;
  /** The code that ends the data. */
  readonly end: number;
  private next: number;
  private readonly prefix = new Uint16Array(MAX_CODES);
  private readonly suffix = new Uint8Array(MAX_CODES);
  private readonly lengths = new Uint16Array(MAX_CODES);
  private readonly slotOf = new Uint16Array(MAX_CODES);
  /** 1 + (prefix << 8 | suffix); 0 in a free slot. */
  private readonly keys = new Int32Array(SLOTS);
  private readonly codes = new Uint16Array(SLOTS);

  constructor(valueBits: number) {
    this.clear = 1 << valueBits;
    this.end = this.clear + 1;
    this.next = this.end + 1;
    this.lengths.fill(1, 0, this.clear);
  }

  /** Removes all strings but the single values. */
  reset(): void {
    for (let code = this.end + 1; code < this.next; code++) this.keys[this.slotOf[code]!] = 0;
    this.next = this.end + 1;
  }

  /** Adds a string, unless the table is full. Of two equal strings `longest` finds the first. */
  add(prefix: number, suffix: number): void {
    if (this.next === MAX_CODES) return;
    const code = this.next++;
    this.prefix[code] = prefix;
    this.suffix[code] = suffix;
    this.lengths[code] = this.lengths[prefix]! + 1;
    const slot = this.slot(prefix, suffix);
    this.slotOf[code] = slot;
    if (this.keys[slot] !== 0) return;
    this.keys[slot] = keyOf(prefix, suffix);
    this.codes[slot] = code;
  }

  /** Returns the code of the longest string that `values` continues with at `at`, which is before their end. */
  longest(values: Uint8Array, at: number): number {
    let code = values[at]!;
    for (let next = at + 1; next < values.length; next++) {
      const slot = this.slot(code, values[next]!);
      if (this.keys[slot] === 0) break;
      code = this.codes[slot]!;
    }
    return code;
  }

  /** Returns the length of a code's string; 0 if the code has none. */
  lengthOf(code: number): number {
    return code < this.clear || (code > this.end && code < this.next) ? this.lengths[code]! : 0;
  }

  /** Returns whether `values` continues at `at` with the string of a code, which has one. */
  matches(code: number, values: Uint8Array, at: number): boolean {
    const length = this.lengthOf(code);
    if (at + length > values.length) return false;
    let walk = code;
    for (let last = at + length - 1; last > at; last--) {
      if (values[last] !== this.suffix[walk]) return false;
      walk = this.prefix[walk]!;
    }
    return values[at] === walk;
  }

  /** Returns the slot of a string, or the free slot where it belongs. */
  private slot(prefix: number, suffix: number): number {
    const key = keyOf(prefix, suffix);
    let slot = (Math.imul(key, 0x9e3779b1) >>> 18) & (SLOTS - 1);
    while (this.keys[slot] !== 0 && this.keys[slot] !== key) slot = (slot + 1) & (SLOTS - 1);
    return slot;
  }
}

function keyOf(prefix: number, suffix: number): number {
  return ((prefix << 8) | suffix) + 1;
}
