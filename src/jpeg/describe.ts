import { equalBytes, latin1Bytes } from '../bytes.js';
import type { JpegShape } from './coefficients.js';
import { type Camera, readCamera } from './exif-camera.js';
import { isExif } from './exif-directory.js';
import { MARKER } from './markers.js';
import { frameOf, shapeOfParts } from './outline.js';
import type { ParsedJpeg } from './parsed-jpeg.js';
import type { JpegPart } from './parts.js';
import { type EstimatedQuality, estimateQuality } from './quality.js';
import { samplingName } from './sampling-name.js';
import { readStructure } from './structure-reader.js';

/** What the components of an image are. */
export type JpegColours = 'gray' | 'YCbCr' | 'RGB' | 'CMYK' | 'YCCK' | 'unknown';

/** Facts about a JPEG file. */
export interface JpegDescription extends Camera {
  readonly shape: JpegShape;
  readonly process: 'baseline' | 'extended sequential' | 'progressive';
  /** Chroma subsampling, as in "4:2:0"; the sampling factors, as in "2x2,1x2,1x2", where it has no such name. */
  readonly sampling: string;
  readonly colours: JpegColours;
  readonly quality: EstimatedQuality;
  readonly scans: number;
  /** MCUs between restart markers; 0 if there are none. */
  readonly restartInterval: number;
}

/** A segment that is not stored by its meaning, and the literals of its payload up to the first nested stream. */
interface LiteralSegment {
  readonly marker: number;
  readonly payload: Uint8Array;
}

const PROCESSES = {
  [MARKER.SOF0]: 'baseline',
  [MARKER.SOF1]: 'extended sequential',
  [MARKER.SOF2]: 'progressive',
} as const;
const ADOBE = latin1Bytes('Adobe');
const ADOBE_TRANSFORM = 11;
const NO_CAMERA: Camera = { make: undefined, model: undefined };

/**
 * Describes a file by its record alone.
 * @throws PixrnnError 'file-corrupt' if the structure is malformed
 */
export function describeJpeg({ structure, literals }: Pick<ParsedJpeg, 'structure' | 'literals'>): JpegDescription {
  const parts = readStructure(structure);
  const shape = shapeOfParts(parts);
  const segments = literalSegments(parts, literals);
  const exif = segments.find(({ marker, payload }) => marker === MARKER.APP1 && isExif(payload));
  return {
    shape,
    process: PROCESSES[frameOf(parts).marker],
    sampling: samplingName(shape.components),
    colours: coloursOf(shape, segments, parts),
    quality: estimateQuality(shape.components[0]!.quantisation),
    scans: parts.filter(({ kind }) => kind === 'scan').length,
    restartInterval: parts.reduce((last, part) => (part.kind === 'restart-interval' ? part.mcus : last), 0),
    ...(exif === undefined ? NO_CAMERA : readCamera(exif.payload)),
  };
}

function literalSegments(parts: readonly JpegPart[], literals: Uint8Array): LiteralSegment[] {
  const segments: LiteralSegment[] = [];
  let at = 0;
  for (const part of parts) {
    if (part.kind === 'scan') at += part.record.intervals.reduce((sum, { literal }) => sum + literal, 0);
    if (part.kind !== 'bytes' && part.kind !== 'segment') continue;
    const { length, nested } = part.piece;
    const payload = literals.subarray(at, at + (nested[0] ?? length));
    if (part.kind === 'segment') segments.push({ marker: part.marker, payload });
    at += length;
  }
  return segments;
}

/** Returns what the components are, as libjpeg decides it. */
function coloursOf(
  { components }: JpegShape,
  segments: readonly LiteralSegment[],
  parts: readonly JpegPart[],
): JpegColours {
  const adobe = segments.find(({ marker, payload }) => {
    return marker === MARKER.APP14 && equalBytes(payload.subarray(0, ADOBE.length), ADOBE);
  });
  const transform = adobe?.payload[ADOBE_TRANSFORM];
  if (components.length === 1) return 'gray';
  if (components.length === 4) return transform === 2 ? 'YCCK' : 'CMYK';
  if (components.length !== 3) return 'unknown';
  if (parts.some(({ kind }) => kind === 'jfif')) return 'YCbCr';
  if (transform !== undefined) return transform === 0 ? 'RGB' : 'YCbCr';
  const ids = components.map(({ id }) => id);
  return equalBytes(Uint8Array.from(ids), latin1Bytes('RGB')) ? 'RGB' : 'YCbCr';
}
