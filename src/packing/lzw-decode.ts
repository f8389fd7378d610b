import { type LzwVariant, MAX_CODE_BITS, codeAt } from './lzw-codes.js';

const MAX_CODES = 1 << MAX_CODE_BITS;

/**
 * Decodes LZW data into `count` values. Further codes are ignored, since encoders end the data differently.
 * @throws RangeError for an undefined code, or if the codes end early
 */
export function decodeLzw(data: Uint8Array, variant: LzwVariant, count: number): Uint8Array {
  const { lsbFirst, earlyChange, valueBits } = variant;
  const clear = 1 << valueBits;
  const end = clear + 1;
  const prefix = new Uint16Array(MAX_CODES);
  const suffix = new Uint8Array(MAX_CODES);
  for (let code = 0; code < clear; code++) suffix[code] = code;
  const reversed = new Uint8Array(MAX_CODES); // the values of a string are produced in reverse order
  const out = new Uint8Array(count);
  let [codes, bits, previous] = [end + 1, valueBits + 1, -1];
  let bit = 0;
  for (let written = 0; written < count;) {
    const code = codeAt(data, bit, bits, lsbFirst);
    bit += bits;
    if (code === clear) {
      [codes, bits, previous] = [end + 1, valueBits + 1, -1];
      continue;
    }
    if (code < 0 || code === end) throw new RangeError('it ends too early');
    if (code > codes || (code === codes && previous < 0)) throw new RangeError(`its code ${code} is undefined`);

    // A code that is not in the table yet stands for the previous string followed by that string's first value.
    let length = code === codes ? 1 : 0;
    let walk = code === codes ? previous : code;
    for (; walk > end; walk = prefix[walk]!) reversed[length++] = suffix[walk]!;
    const first = suffix[walk]!;
    reversed[length++] = first;
    if (code === codes) reversed[0] = first;
    while (length > 0 && written < count) out[written++] = reversed[--length]!;

    if (previous >= 0 && codes < MAX_CODES) {
      prefix[codes] = previous;
      suffix[codes] = first;
      codes++;
      if (codes === (1 << bits) - (earlyChange ? 1 : 0) && bits < MAX_CODE_BITS) bits++;
    }
    previous = code;
  }
  return out;
}
