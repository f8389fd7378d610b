/** An LZW encoder with strings in a map, written without any code of src/. */
export interface ReferenceLzw {
  lsbFirst: boolean;
  earlyChange: boolean;
  valueBits: number;
  /** Codes between two clear codes; 0 keeps a full table. */
  period?: number;
  /** Whether the string that begins at a value is cut before its last value. */
  cuts?: (at: number) => boolean;
  /** Whether a clear code is written before the string that begins at a value. */
  clears?: (at: number) => boolean;
  clearsFirst?: boolean;
}

/** Returns the stream of some values. */
export function referenceLzw(values: Uint8Array, options: ReferenceLzw): Uint8Array {
  const { lsbFirst, earlyChange, valueBits, period = 0, cuts, clears, clearsFirst = true } = options;
  const clear = 2 ** valueBits;
  let table = new Map<string, number>();
  let [next, count, width] = [clear + 2, 0, valueBits + 1];
  const bits: number[] = [];
  const put = (code: number): void => {
    const digits = Array.from({ length: width }, (_, i) => (code >> i) & 1);
    bits.push(...(lsbFirst ? digits : digits.reverse()));
  };
  const reset = (): void => {
    put(clear);
    table = new Map();
    [next, count, width] = [clear + 2, 0, valueBits + 1];
  };
  if (clearsFirst) reset();
  for (let at = 0; at < values.length;) {
    if ((period > 0 && count === period) || (at > 0 && clears?.(at))) reset();
    let end = at + 1;
    while (end < values.length && table.has(values.subarray(at, end + 1).join())) end++;
    if (end > at + 1 && cuts?.(at)) end--;
    put(end === at + 1 ? values[at]! : table.get(values.subarray(at, end).join())!);
    count++;
    if (clear + 1 + count === 2 ** width - (earlyChange ? 1 : 0) && width < 12) width++;
    const longer = values.subarray(at, end + 1).join();
    if (next < 4096 && end < values.length) {
      if (!table.has(longer)) table.set(longer, next);
      next++;
    }
    at = end;
  }
  put(clear + 1);
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => (bytes[i >> 3]! |= bit << (lsbFirst ? i % 8 : 7 - (i % 8))));
  return bytes;
}
