import { viewOf } from '../bytes.js';
import { findMarker, isStandalone, MARKER } from './markers.js';

/** A marker segment, or a marker without a length. */
export interface FileSegment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
  /** Offset of the next marker, or of the end of the file. */
  readonly next: number;
}

/** Yields the segments after the SOI marker, up to the EOI marker. A segment that is cut off ends with the file. */
export function* fileSegments(bytes: Uint8Array): Generator<FileSegment> {
  const view = viewOf(bytes);
  for (let start = findMarker(bytes, 2), next; start < bytes.length; start = next) {
    const marker = bytes[start + 1]!;
    const hasLength = !isStandalone(marker) && start + 4 <= bytes.length;
    const length = hasLength ? Math.max(2, view.getUint16(start + 2)) : 0;
    const end = Math.min(bytes.length, start + 2 + length);
    next = marker === MARKER.EOI ? end : findMarker(bytes, end);
    yield { marker, start, end, next };
    if (marker === MARKER.EOI) return;
  }
}
