/**
 * Codes the blocks of a deflate stream. One loop serves both directions: an encoder reads the blocks from a stream, a
 * decoder writes them.
 */
import { overflowed } from '../coder/encoder';
import { bitsToBoundary, readBits, restoreReader, saveReader, startReading, wholeBytes } from './bit-reader';
import { bitsToFill, isFull, startWriting, writeBits, writtenBytes } from './bit-writer';
import { codeLengthsAfter, codeLengthsFirst, startHeaders } from './code-lengths';
import { codeOperations } from './code-operations';
import { codeEvenly, codeNumber, decideBy, isDecoding } from './coding';
import { setCosts } from './costs';
import { startFronts } from './fronts';
import { distanceLengths, literalLengths, readHeader, setFixedLengths, writeHeader } from './header';
import { startChains } from './chains';
import { startRun } from './rules';
import { startPath } from './shortest-path';
import {
  DISTANCE_SYMBOLS,
  DYNAMIC,
  END_OF_BLOCK,
  LITERAL_SYMBOLS,
  STORED,
  distanceSymbol,
  lengthSymbol,
} from './symbols';
import * as token from './token-reader';
import { openWriting, writeEnd, writeLiteral, writeMatch } from './token-writer';
import { codeToken, startTokens, tokenDistance, tokenLength, tokenOdd } from './tokens';

/** What decisions are about. */
const FINAL: u32 = 30;
const TYPE: u32 = 31;
const SAME: u32 = 33;
const EXTENT: u32 = 34;
const SIZE: u32 = 36;

/** More dynamic blocks than these and one for so many bytes of data are refused: they bound a decoder's time. */
const FREE_BLOCKS: i32 = 1024;
const BLOCK_BYTES: i32 = 64;

/** Properties of the encoder. */
let optimal: bool = false;
let oddLengths: bool = false;
let oddPadding: bool = false;
let separateRuns: bool = false;
let builder: i32 = 0;

let raw: usize = 0;
let rawLength: i32 = 0;
/** Tokens of a block whose codes follow them, u32: length and distance - 1 in 16 bits each, bit 15 for an odd length. */
let buffer: usize = 0;
let bufferTokens: i32 = 0;
let p: i32 = 0;
/** Coding ends after this position: an encoder's trial. */
let trial: i32 = 0;
/** Bytes and tokens of the current and the last compressed block, and bytes of the last stored one. */
let bytes: i32 = 0;
let tokens: i32 = 0;
let lastBytes: i32 = 0;
let lastTokens: i32 = 0;
let lastStored: i32 = 0;
let dynamicBlocks: i32 = 0;

const literals: usize = memory.data(LITERAL_SYMBOLS * 4, 4);
const distances: usize = memory.data(DISTANCE_SYMBOLS * 4, 4);
/** Code lengths by which a greedy parser's tokens are judged: those of the block before. */
const judgingLiterals: usize = memory.data(LITERAL_SYMBOLS);
const judgingDistances: usize = memory.data(DISTANCE_SYMBOLS);

export function setEncoder(
  isOptimal: bool,
  hasOddLengths: bool,
  hasOddPadding: bool,
  hasSeparateRuns: bool,
  b: i32,
): void {
  optimal = isOptimal;
  oddLengths = hasOddLengths;
  oddPadding = hasOddPadding;
  separateRuns = hasSeparateRuns;
  builder = b;
}

/**
 * Codes the blocks. Returns false if a description is impossible, or if the encoder meets a match that it cannot see.
 * @param stream read or written, of `room` bytes
 * @param tokenBuffer u32[tokenRoom]
 * @param most stop after so many bytes of data: a trial
 */
export function codeBlocks(
  data: usize,
  dataLength: i32,
  stream: usize,
  room: i32,
  tokenBuffer: usize,
  tokenRoom: i32,
  most: i32,
): bool {
  raw = data;
  rawLength = dataLength;
  buffer = tokenBuffer;
  bufferTokens = tokenRoom;
  if (isDecoding()) startWriting(stream, room);
  else startReading(stream, room);
  startChains(raw, rawLength, 0);
  startTokens(raw, rawLength, optimal, oddLengths);
  startFronts(false, rawLength, rawLength);
  startHeaders();
  setFixedLengths(judgingLiterals, judgingDistances);
  setCosts(judgingLiterals, judgingDistances);
  p = 0;
  trial = most;
  lastBytes = 0;
  lastTokens = 0;
  lastStored = 0;
  dynamicBlocks = 0;
  let lastType: u32 = 3;
  for (let final = false; !final;) {
    startRun(p, isDecoding() ? writtenBytes() : wholeBytes());
    final = codeBits(1, FINAL, <u32>(p === rawLength), lastType) !== 0;
    const type = <i32>codeBits(2, TYPE, lastType, <u32>final);
    lastType = <u32>type;
    if (type > DYNAMIC) return false;
    if (!(type === STORED ? codeStored(final) : codeCompressed(final, type === DYNAMIC))) return false;
    if (isDecoding() && isFull()) return false;
    if (p > most) return true;
    if (final && p !== rawLength) return false;
  }
  codePadding();
  return true;
}

/** Returns the number of bytes that a decoder wrote. */
export function decodedBytes(): i32 {
  return writtenBytes();
}

/** Codes one or two bits of the stream. */
function codeBits(n: i32, about: u32, x: u32, y: u32): u32 {
  const bits = isDecoding() ? 0 : readBits(n);
  let result: u32 = 0;
  for (let i = n - 1; i >= 0; i--)
    result = (result << 1) | (<u32>decideBy(((bits >> i) & 1) !== 0, about, (x << 3) | ((<u32>i) << 2) | result, y));
  if (isDecoding()) writeBits(result, n);
  return result;
}

/** Codes the bits up to the next byte, which are usually 0. */
function codePadding(): void {
  const n = isDecoding() ? bitsToFill() : bitsToBoundary();
  const bits = isDecoding() ? 0 : readBits(n);
  const coded = oddPadding ? codeEvenly(bits, n) : 0;
  if (isDecoding()) writeBits(coded, n);
}

function codeStored(final: bool): bool {
  codePadding();
  let n = isDecoding() ? 0 : <i32>readBits(16);
  const usual = min(lastStored > 0 ? lastStored : 65535, rawLength - p);
  if (decideBy(n !== usual, SAME, 2, <u32>final)) n = <i32>min(65536, codeNumber(<u32>n, SIZE, 0));
  else n = usual;
  if (n > 65535 || n > rawLength - p) return false;
  if (n > 0) lastStored = n;
  if (isDecoding()) {
    writeBits(<u32>n, 16);
    writeBits(<u32>(n ^ 0xffff), 16);
    for (let i = 0; i < n && !isFull(); i++) writeBits(<u32>load<u8>(raw + <usize>(p + i)), 8);
  } else {
    readBits(16);
    for (let i = 0; i < n; i++) readBits(8);
  }
  p += n;
  return true;
}

/** Reads ahead to count the bytes and tokens of a block. */
function countAhead(): void {
  saveReader();
  bytes = 0;
  tokens = 0;
  for (;;) {
    token.readToken();
    if (token.length === 0) break;
    bytes += token.length;
    tokens++;
  }
  restoreReader();
}

/** Codes the extent of a block: that of the last one in tokens, the rest of the data, or a number of bytes. */
function codeExtent(final: bool): bool {
  let byTokens = false;
  if (lastTokens > 0 && !final) byTokens = decideBy(tokens === lastTokens, SAME, 0, 0);
  if (byTokens) {
    tokens = lastTokens;
    bytes = -1;
  } else if (final) {
    bytes = rawLength - p;
    tokens = -1;
  } else {
    if (lastBytes === 0 || !decideBy(bytes === lastBytes, SAME, 1, 0)) bytes = <i32>codeNumber(<u32>bytes, EXTENT, 0);
    else bytes = lastBytes;
    if (bytes < 0 || bytes > rawLength - p) return false;
    tokens = -1;
  }
  return true;
}

function codeCompressed(final: bool, dynamic: bool): bool {
  const decoding = isDecoding();
  if (dynamic) {
    dynamicBlocks++;
    if (dynamicBlocks > FREE_BLOCKS + rawLength / BLOCK_BYTES) return false;
  } else {
    setFixedLengths(literalLengths, distanceLengths);
  }
  if (!decoding) {
    if (dynamic) readHeader();
    token.openTokens(literalLengths, distanceLengths);
    countAhead();
  }
  if (!codeExtent(final)) return false;
  // An optimal parser is simulated with the block's own codes, to its end.
  const first = dynamic && optimal;
  const after = dynamic && !optimal;
  if (optimal && bytes < 0) bytes = rawLength - p;
  if (first) {
    codeLengthsFirst();
    if (!codeOperations(builder, separateRuns)) return false;
  }
  if (decoding && !after) {
    if (dynamic && !writeHeader()) return false;
    if (!openWriting(literalLengths, distanceLengths)) return false;
  }
  if (optimal) {
    setCosts(literalLengths, distanceLengths);
    startFronts(true, p + bytes, rawLength);
    startPath(raw, p, p + bytes);
  }
  if (!codeTokens(after)) return false;
  if (p > trial) return true;
  if (after) {
    codeLengthsAfter(builder, literals, distances);
    if (!codeOperations(builder, separateRuns)) return false;
    if (decoding && !writeBuffered()) return false;
    memory.copy(judgingLiterals, literalLengths, LITERAL_SYMBOLS);
    memory.copy(judgingDistances, distanceLengths, DISTANCE_SYMBOLS);
    setCosts(judgingLiterals, judgingDistances);
  } else if (decoding && !writeEnd()) {
    return false;
  }
  return true;
}

function increment(array: usize, i: i32): void {
  const at = array + ((<usize>i) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Codes the tokens of a block; a decoder writes them, or keeps them if the codes follow. */
function codeTokens(after: bool): bool {
  const decoding = isDecoding();
  memory.fill(literals, 0, LITERAL_SYMBOLS * 4);
  memory.fill(distances, 0, DISTANCE_SYMBOLS * 4);
  const start = p;
  const byTokens = tokens >= 0;
  const end = p + bytes;
  let n = 0;
  for (; byTokens ? n < tokens : p < end; n++) {
    if (p > trial) return true;
    if (p === rawLength) return false;
    if (!decoding) {
      if (overflowed()) return false;
      token.readToken();
    }
    if (!codeToken(p, end, token.length, token.distance, token.odd)) return false;
    if (!decoding && tokenLength !== token.length) return false;
    const byte = load<u8>(raw + <usize>p);
    if (tokenLength === 1) {
      increment(literals, <i32>byte);
    } else {
      increment(literals, tokenOdd ? 284 : lengthSymbol(tokenLength));
      increment(distances, distanceSymbol(tokenDistance));
    }
    if (decoding) {
      if (after) {
        if (n === bufferTokens) return false;
        store<u32>(
          buffer + ((<usize>n) << 2),
          ((<u32>tokenLength) << 16) | ((<u32>tokenOdd) << 15) | (<u32>max(0, tokenDistance - 1)),
        );
      } else if (
        !(tokenLength === 1 ? writeLiteral(byte) : writeMatch(tokenLength, tokenDistance, tokenOdd)) ||
        isFull()
      ) {
        return false;
      }
    }
    p += tokenLength;
  }
  if (!byTokens && p !== end) return false;
  if (!decoding) token.readToken();
  increment(literals, END_OF_BLOCK);
  tokens = n;
  lastTokens = n;
  lastBytes = p - start;
  return true;
}

/** Writes the header and the tokens of a block whose codes followed them. */
function writeBuffered(): bool {
  if (!writeHeader() || !openWriting(literalLengths, distanceLengths)) return false;
  let at = p - lastBytes;
  for (let i: usize = 0; i < <usize>tokens; i++) {
    const entry = load<u32>(buffer + (i << 2));
    const length = <i32>(entry >> 16);
    const written =
      length === 1
        ? writeLiteral(load<u8>(raw + <usize>at))
        : writeMatch(length, <i32>(entry & 0x7fff) + 1, (entry & 0x8000) !== 0);
    if (!written || isFull()) return false;
    at += length;
  }
  return writeEnd();
}
