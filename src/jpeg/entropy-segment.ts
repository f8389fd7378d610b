import { findMarker, isRestart } from './markers.js';

/** Entropy-coded data up to the next marker. */
export interface EntropySegment {
  readonly start: number;
  /** End of the data: the first 0xFF that no stuffed zero follows, or the end of the file. */
  readonly end: number;
  /** Offset of the next marker; other bytes may precede it. The length of the file if there is none. */
  readonly next: number;
}

/** Returns the data that starts at an offset. */
export function entropySegment(bytes: Uint8Array, start: number): EntropySegment {
  let end = bytes.indexOf(0xff, start);
  while (end >= 0 && bytes[end + 1] === 0) end = bytes.indexOf(0xff, end + 2);
  if (end < 0) end = bytes.length;
  return { start, end, next: findMarker(bytes, end) };
}

/** Returns the number (0..7) of the restart marker at an offset; null for other markers and the end of the file. */
export function restartNumber(bytes: Uint8Array, at: number): number | null {
  const marker = bytes[at + 1];
  return marker !== undefined && isRestart(marker) ? marker & 7 : null;
}

/** Returns the offset of the first marker at or after `from` that is not a restart marker. */
export function findOtherMarker(bytes: Uint8Array, from: number): number {
  let at = findMarker(bytes, from);
  while (restartNumber(bytes, at) !== null) at = findMarker(bytes, at + 2);
  return at;
}

/** Returns the offset in `bytes` after `count` bytes of the segment, not counting stuffed zeros. */
export function stuffedOffset(bytes: Uint8Array, { start }: EntropySegment, count: number): number {
  let at = start;
  for (; count > 0; count--) at += bytes[at] === 0xff ? 2 : 1;
  return at;
}
