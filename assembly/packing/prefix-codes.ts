/**
 * Canonical prefix codes (RFC 1951, 3.2.2) of at most 15 bits: tables that decode them, and the code words, reversed as
 * a stream holds them.
 */

export const MAX_BITS: i32 = 15;
/** Bytes of a decoding table: for every 15 bits, a u16 with the symbol in the upper 12 bits and its length below. */
export const TABLE_BYTES: usize = (1 << MAX_BITS) * 2;

const counts: usize = memory.data(16 * 4, 4);
const next: usize = memory.data(16 * 4, 4);

/**
 * Counts the lengths and sets the first code word of each. Returns false if the code has more words than bits allow.
 * An incomplete code is valid.
 * @param lengths u8[symbols], 0 for symbols without a code word
 */
function openCode(lengths: usize, symbols: i32): bool {
  memory.fill(counts, 0, 64);
  for (let s: usize = 0; s < <usize>symbols; s++) {
    const at = counts + ((<usize>load<u8>(lengths + s)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let code: u32 = 0;
  for (let n: usize = 1; n <= <usize>MAX_BITS; n++) {
    store<u32>(next + (n << 2), code);
    code += load<u32>(counts + (n << 2));
    if (code > (<u32>1) << (<u32>n)) return false;
    code <<= 1;
  }
  return true;
}

function reversed(code: u32, n: i32): u32 {
  let result: u32 = 0;
  for (let i = 0; i < n; i++) result |= ((code >> i) & 1) << (n - 1 - i);
  return result;
}

/** Fills a decoding table; entries of unused words are 0. Returns false if the lengths make no code. */
export function fillTable(lengths: usize, symbols: i32, table: usize): bool {
  if (!openCode(lengths, symbols)) return false;
  memory.fill(table, 0, TABLE_BYTES);
  for (let s: usize = 0; s < <usize>symbols; s++) {
    const n = <i32>load<u8>(lengths + s);
    if (n === 0) continue;
    const at = next + ((<usize>n) << 2);
    const code = load<u32>(at);
    store<u32>(at, code + 1);
    const entry = <u16>(((<i32>s) << 4) | n);
    for (let word = reversed(code, n); word < 1 << MAX_BITS; word += (<u32>1) << (<u32>n)) {
      store<u16>(table + ((<usize>word) << 1), entry);
    }
  }
  return true;
}

/**
 * Writes the code words, reversed, for a code whose lengths are valid.
 * @param words u16[symbols]
 */
export function fillWords(lengths: usize, symbols: i32, words: usize): bool {
  if (!openCode(lengths, symbols)) return false;
  for (let s: usize = 0; s < <usize>symbols; s++) {
    const n = <i32>load<u8>(lengths + s);
    if (n === 0) continue;
    const at = next + ((<usize>n) << 2);
    const code = load<u32>(at);
    store<u32>(at, code + 1);
    store<u16>(words + (s << 1), <u16>reversed(code, n));
  }
  return true;
}
