/** The codes that a dynamic block declares, and how its header writes them (RFC 1951, 3.2.7). */
import { reserve } from '../palette/memory';
import { exhausted, peekBits, readBits, skipBits } from './bit-reader';
import { writeBits } from './bit-writer';
import { TABLE_BYTES, fillTable, fillWords } from './prefix-codes';
import { DISTANCE_SYMBOLS, LENGTH_CODES, LITERAL_SYMBOLS, ORDER } from './symbols';

/** Code lengths, u8 each: of literals and lengths, of distances, of the code length code. */
export const literalLengths: usize = memory.data(LITERAL_SYMBOLS);
export const distanceLengths: usize = memory.data(DISTANCE_SYMBOLS);
export const codeLengths: usize = memory.data(32);
/** Numbers of lengths that the header declares. */
export let literalCount: i32 = 0;
export let distanceCount: i32 = 0;
export let codeCount: i32 = 0;
/** The symbols of the code length code that follow, and the values of their extra bits: u8 each. */
export const MAX_OPERATIONS: i32 = LITERAL_SYMBOLS + DISTANCE_SYMBOLS;
export const operations: usize = memory.data(MAX_OPERATIONS);
export const repeats: usize = memory.data(MAX_OPERATIONS);
export let operationCount: i32 = 0;

export const REPEAT: i32 = 16;
export const ZEROS: i32 = 17;
export const MANY_ZEROS: i32 = 18;

let table: usize = 0;
const words: usize = memory.data(64, 4);

export function reserveHeader(): void {
  table = reserve(TABLE_BYTES);
}

export function setCounts(literals: i32, distances: i32): void {
  literalCount = literals;
  distanceCount = distances;
}

export function setCodeCount(codes: i32): void {
  codeCount = codes;
}

export function clearOperations(): void {
  operationCount = 0;
}

export function addOperation(operation: i32, repeat: i32): void {
  store<u8>(operations + <usize>operationCount, <u8>operation);
  store<u8>(repeats + <usize>operationCount, <u8>repeat);
  operationCount++;
}

/** Returns the extra bits of an operation, 0 to 7. */
export function operationBits(operation: i32): i32 {
  return operation === REPEAT ? 2 : operation === ZEROS ? 3 : operation === MANY_ZEROS ? 7 : 0;
}

/** Returns how many lengths an operation with extra bits of 0 writes. */
export function minRepeat(operation: i32): i32 {
  return operation < REPEAT ? 1 : operation === MANY_ZEROS ? 11 : 3;
}

/** Returns length i of the literals and distances together. */
export function lengthAt(i: i32): i32 {
  return <i32>(
    (i < literalCount ? load<u8>(literalLengths + <usize>i) : load<u8>(distanceLengths + <usize>(i - literalCount)))
  );
}

export function setLengthAt(i: i32, length: i32): void {
  if (i < literalCount) store<u8>(literalLengths + <usize>i, <u8>length);
  else store<u8>(distanceLengths + <usize>(i - literalCount), <u8>length);
}

/** Sets the codes of a fixed block. */
export function setFixedLengths(literals: usize, distances: usize): void {
  for (let s: usize = 0; s < <usize>LITERAL_SYMBOLS; s++) {
    store<u8>(literals + s, s < 144 ? 8 : s < 256 ? 9 : s < 280 ? 7 : 8);
  }
  memory.fill(distances, 5, <usize>DISTANCE_SYMBOLS);
}

/** Reads a header after the type of its block. Returns false if it is no valid header. */
export function readHeader(): bool {
  memory.fill(literalLengths, 0, <usize>LITERAL_SYMBOLS);
  memory.fill(distanceLengths, 0, <usize>DISTANCE_SYMBOLS);
  memory.fill(codeLengths, 0, <usize>LENGTH_CODES);
  setCounts(257 + <i32>readBits(5), 1 + <i32>readBits(5));
  codeCount = 4 + <i32>readBits(4);
  for (let i: usize = 0; i < <usize>codeCount; i++) {
    store<u8>(codeLengths + <usize>load<u8>(ORDER + i), <u8>readBits(3));
  }
  if (!fillTable(codeLengths, LENGTH_CODES, table)) return false;
  clearOperations();
  const total = literalCount + distanceCount;
  let last = -1;
  for (let i = 0; i < total;) {
    const entry = <i32>load<u16>(table + ((<usize>((<u32>peekBits()) & 0x7fff)) << 1));
    if (entry === 0) return false;
    skipBits(entry & 15);
    const operation = entry >> 4;
    const repeat = <i32>readBits(operationBits(operation));
    if (operation === REPEAT && last < 0) return false;
    last = operation < REPEAT ? operation : operation === REPEAT ? last : 0;
    addOperation(operation, repeat);
    for (let k = minRepeat(operation) + repeat; k > 0; k--, i++) {
      if (i === total) return false;
      setLengthAt(i, last);
    }
  }
  return !exhausted();
}

/** Writes the header. Returns false if its code length code is no code. */
export function writeHeader(): bool {
  if (!fillWords(codeLengths, LENGTH_CODES, words)) return false;
  writeBits(<u32>(literalCount - 257), 5);
  writeBits(<u32>(distanceCount - 1), 5);
  writeBits(<u32>(codeCount - 4), 4);
  for (let i: usize = 0; i < <usize>codeCount; i++) {
    writeBits(<u32>load<u8>(codeLengths + <usize>load<u8>(ORDER + i)), 3);
  }
  for (let i: usize = 0; i < <usize>operationCount; i++) {
    const operation = <usize>load<u8>(operations + i);
    const length = <i32>load<u8>(codeLengths + operation);
    if (length === 0) return false;
    writeBits(<u32>load<u16>(words + (operation << 1)), length);
    writeBits(<u32>load<u8>(repeats + i), operationBits(<i32>operation));
  }
  return true;
}
