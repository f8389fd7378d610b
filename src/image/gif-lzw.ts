/** Codes have at most 12 bits. */
const MAX_CODES = 4096;

/**
 * Decodes the LZW data of a GIF image (GIF89a, appendix F) into `count` indices. Further codes are ignored, since
 * encoders end the data differently.
 * @throws RangeError for an undefined code, or if the codes end early
 */
export function decodeLzw(data: Uint8Array, minimumBits: number, count: number): Uint8Array {
  const clear = 1 << minimumBits;
  const end = clear + 1;
  const prefix = new Uint16Array(MAX_CODES);
  const suffix = new Uint8Array(MAX_CODES);
  for (let code = 0; code < clear; code++) suffix[code] = code;
  const reversed = new Uint8Array(MAX_CODES); // the indices of a string are produced in reverse order
  const out = new Uint8Array(count);
  let [codes, bits, previous] = [end + 1, minimumBits + 1, -1];
  let [buffer, bufferedBits, at] = [0, 0, 0];
  for (let written = 0; written < count;) {
    for (; bufferedBits < bits; bufferedBits += 8) {
      if (at >= data.length) throw new RangeError('it ends too early');
      buffer |= data[at++]! << bufferedBits;
    }
    const code = buffer & ((1 << bits) - 1);
    buffer >>>= bits;
    bufferedBits -= bits;
    if (code === clear) {
      [codes, bits, previous] = [end + 1, minimumBits + 1, -1];
      continue;
    }
    if (code === end) throw new RangeError('it ends too early');
    if (code > codes || (code === codes && previous < 0)) throw new RangeError(`its code ${code} is undefined`);

    // A code that is not in the table yet stands for the previous string followed by that string's first index.
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
      if (codes === 1 << bits && bits < 12) bits++;
    }
    previous = code;
  }
  return out;
}
