/**
 * The colours of a tile, numbered in order of occurrence. A colour is up to four samples of up to 16 bits, sample c in
 * bits 16 c to 16 c + 15 of a u64.
 */
import { spread } from './hash';
import { reserve, sizeBits } from './memory';

/** The colours, u64[pixels + 1]. */
let colours: usize = 0;
let count: u32 = 0;
/** Hash table of colour numbers plus one, 0 for none, u32[2^tableBits]; at most half full. */
let table: usize = 0;
let tableBits: i32 = 0;

export function reservePalette(pixels: i32): void {
  colours = reserve((<usize>pixels + 1) << 3);
  tableBits = sizeBits(<u32>pixels * 2, 4, 21);
  table = reserve((<usize>4) << tableBits);
}

export function startPalette(): void {
  count = 0;
  memory.fill(table, 0, (<usize>4) << tableBits);
}

export function colourCount(): u32 {
  return count;
}

/** Returns the colour's number; a new colour gets the next one. Each pixel adds at most one colour. */
export function numberOf(colour: u64): u32 {
  const mask: u32 = (1 << tableBits) - 1;
  let place = spread((<u32>colour) ^ (<u32>(colour >> 32) * 0x9e3779b1)) & mask;
  while (true) {
    const at = table + ((<usize>place) << 2);
    const entry = load<u32>(at);
    if (entry === 0) {
      store<u64>(colours + ((<usize>count) << 3), colour);
      count++;
      store<u32>(at, count);
      return count - 1;
    }
    if (load<u64>(colours + ((<usize>(entry - 1)) << 3)) === colour) return entry - 1;
    place = (place + 1) & mask;
  }
}

/** Returns sample c of a colour. */
export function sampleOf(number: u32, c: i32): i32 {
  return load<u16>(colours + ((<usize>number) << 3) + ((<usize>c) << 1));
}

export function colourOf(number: u32): u64 {
  return load<u64>(colours + ((<usize>number) << 3));
}
