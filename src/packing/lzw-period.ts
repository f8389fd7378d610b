import { type LzwVariant, MAX_CODE_BITS, codeAt } from './lzw-codes.js';

/**
 * Returns the number of codes after which a stream clears its table most often; 0 if it does so at most once and not
 * as its first code. No more than the sizes of codes is read.
 */
export function usualPeriod(stream: Uint8Array, { lsbFirst, earlyChange, valueBits }: LzwVariant): number {
  const clear = 1 << valueBits;
  const end = clear + 1;
  const seen = new Map<number, number>();
  let [bits, count] = [valueBits + 1, 0];
  for (let bit = 0; ;) {
    const code = codeAt(stream, bit, bits, lsbFirst);
    if (code < 0 || code === end) break;
    bit += bits;
    if (code === clear) {
      if (count > 0) seen.set(count, (seen.get(count) ?? 0) + 1);
      [bits, count] = [valueBits + 1, 0];
    } else {
      count++;
      if (end + count === (1 << bits) - (earlyChange ? 1 : 0) && bits < MAX_CODE_BITS) bits++;
    }
  }
  const [period = 0] = [...seen].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [];
  return period;
}
