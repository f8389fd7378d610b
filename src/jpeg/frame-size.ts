import { viewOf } from '../bytes.js';
import type { Size } from '../subsample.js';
import { findMarker, isFrame, isStandalone, MARKER } from './markers.js';

/**
 * Returns the size that the frame header of a JPEG file states, of any kind of JPEG and however damaged the rest is;
 * null without a frame header or with a height that only the scan knows.
 */
export function frameSize(bytes: Uint8Array): Size | null {
  const view = viewOf(bytes);
  for (let at = findMarker(bytes, 0); at + 9 <= bytes.length;) {
    const marker = bytes[at + 1]!;
    if (isFrame(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return width > 0 && height > 0 ? { width, height } : null;
    }
    if (marker === MARKER.SOS) return null;
    const segment = isStandalone(marker) ? 0 : view.getUint16(at + 2);
    at = findMarker(bytes, at + 2 + segment);
  }
  return null;
}
