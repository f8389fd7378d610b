/**
 * The colours that followed a neighbourhood before: for each hash the last three different ones, the latest first.
 * Entries are colour numbers plus one, 0 for none.
 */
import { reserve, sizeBits } from './memory';

/** Number of kinds of neighbourhoods. */
const RECENT_KINDS: i32 = 3;
const MAX_BITS: i32 = 17;

let tables: usize = 0;
let tableBits: i32 = 0;
const places: usize = memory.data(RECENT_KINDS * 4, 16);

export function reserveRecent(pixels: i32): void {
  tableBits = sizeBits(<u32>pixels, 6, MAX_BITS);
  tables = reserve(((<usize>16) << tableBits) * <usize>RECENT_KINDS);
}

export function startRecent(): void {
  memory.fill(tables, 0, ((<usize>16) << tableBits) * <usize>RECENT_KINDS);
}

export function openRecent(kind: i32, hash: u32): void {
  const entry = ((<usize>kind) << tableBits) + <usize>(hash & ((1 << tableBits) - 1));
  store<u32>(places + ((<usize>kind) << 2), <u32>(tables + (entry << 4)));
}

/** Returns the number of the j-th latest colour plus one, j from 0 to 2; 0 for none. */
export function recent(kind: i32, j: i32): u32 {
  return load<u32>(<usize>load<u32>(places + ((<usize>kind) << 2)) + ((<usize>j) << 2));
}

export function learnRecent(number: u32): void {
  const entry = number + 1;
  for (let kind: usize = 0; kind < <usize>RECENT_KINDS * 4; kind += 4) {
    const place = <usize>load<u32>(places + kind);
    const first = load<u32>(place);
    if (first === entry) continue;
    const second = load<u32>(place, 4);
    if (second !== entry) store<u32>(place, second, 8);
    store<u32>(place, first, 4);
    store<u32>(place, entry);
  }
}
