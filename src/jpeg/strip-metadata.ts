import { concatBytes, equalBytes, latin1Bytes } from '../bytes.js';
import { isExif } from './exif-directory.js';
import { orientationAlone } from './exif-orientation.js';
import { fileSegments } from './file-segments.js';
import { MARKER, segmentBytes } from './markers.js';

const JFIF = latin1Bytes('JFIF\0');
/** Length of a JFIF header without a thumbnail, and of its fields before the size of the thumbnail. */
const JFIF_BYTES = 14;
const JFIF_FIELD_BYTES = 12;
const ICC = latin1Bytes('ICC_PROFILE\0');
const ADOBE = latin1Bytes('Adobe');
const ADOBE_BYTES = 12;

/**
 * Returns a JPEG file without its metadata: without application segments, comments, bytes between segments and bytes
 * after the end of the image, and so without EXIF, GPS position, XMP, thumbnails, further images and trailers. What
 * decoders show does not change: JFIF header, Adobe's colour transform, ICC profile and orientation are kept, and the
 * image is copied. Returns an equal file if there is nothing to remove. Never throws: damaged files are copied as far as
 * their segments are intact.
 */
export function stripJpegMetadata(bytes: Uint8Array): Uint8Array {
  const parts = [bytes.subarray(0, 2)];
  let [hasOrientation, hasScan] = [false, false];
  for (const { marker, start, end, next } of fileSegments(bytes)) {
    if (isMetadata(marker)) {
      const payload = bytes.subarray(start + 4, end);
      const isOrientation = marker === MARKER.APP1 && isExif(payload);
      const kept = isOrientation && hasOrientation ? null : keptPayload(marker, payload);
      if (kept === null) continue;
      parts.push(segmentBytes(marker, kept));
      hasOrientation ||= isOrientation;
    } else {
      hasScan ||= marker === MARKER.SOS;
      // The data of a scan lasts until the next marker; what precedes the first scan outside of segments is no data.
      parts.push(bytes.subarray(start, hasScan ? next : end));
    }
  }
  return concatBytes(parts);
}

/** Returns whether segments with a marker are for applications and readers, not for the decoder. */
function isMetadata(marker: number): boolean {
  return (marker >= MARKER.APP0 && marker <= MARKER.APP15) || marker === MARKER.COM;
}

/** Returns what is kept of a segment of metadata, or null. */
function keptPayload(marker: number, payload: Uint8Array): Uint8Array | null {
  const startsWith = (start: Uint8Array): boolean => equalBytes(payload.subarray(0, start.length), start);
  switch (marker) {
    case MARKER.APP0:
      return startsWith(JFIF) && payload.length >= JFIF_BYTES ? withoutThumbnail(payload) : null;
    case MARKER.APP1:
      return isExif(payload) ? orientationAlone(payload) : null;
    case MARKER.APP2:
      return startsWith(ICC) ? payload : null;
    case MARKER.APP14:
      return startsWith(ADOBE) && payload.length >= ADOBE_BYTES ? payload.subarray(0, ADOBE_BYTES) : null;
    default:
      return null;
  }
}

function withoutThumbnail(jfif: Uint8Array): Uint8Array {
  return concatBytes([jfif.subarray(0, JFIF_FIELD_BYTES), new Uint8Array(2)]);
}
