import { concatBytes } from '../bytes.js';
import { ByteReader } from '../byte-reader.js';
import { cellCount } from '../origin/axis-cells.js';
import type { Phase } from '../origin/chroma-grid.js';
import { type Origin, ORIGINS } from '../origin/origins.js';
import { encodeVarint } from '../varint.js';
import { PLAIN_REPRESENTATIONS, type PlainPart } from './container-layout.js';
import { decodeOriginByte, encodeOriginByte } from './origin-byte.js';
import type { Size } from '../subsample.js';

/*
 * The payload of a part that is coded as luma and chroma: origin and phase, representations of the planes and of the
 * exceptions, lengths of all but the last payload, the payloads (docs/FORMAT.md).
 */

/** A part that is coded as the planes from which its origin computes it. */
export interface PlanesPart {
  readonly origin: Origin;
  readonly phase: Phase;
  readonly luma: PlainPart;
  /** Both chroma planes, or a single part if they are coded together, given luma. */
  readonly chroma: readonly [PlainPart, PlainPart] | readonly [PlainPart];
  /** The samples less those that follow from the planes, modulo 256; null if all are zero. */
  readonly exceptions: PlainPart | null;
}

/** The second byte has two bits for each plane and for the exceptions: 3 if it has no payload. */
const NO_PAYLOAD = 3;

export function encodePlanesPayload({ origin, phase, luma, chroma, exceptions }: PlanesPart): Uint8Array {
  const first = encodeOriginByte(ORIGINS.indexOf(origin), phase);
  const all = [luma, chroma[0], chroma[1] ?? null, exceptions];
  const second = all.reduce((byte, part, i) => byte | (kindOf(part) << (2 * i)), 0);
  const parts = all.filter((part) => part !== null);
  const lengths = parts.slice(0, -1).flatMap(({ payload }) => encodeVarint(payload.length));
  return concatBytes([Uint8Array.of(first, second, ...lengths), ...parts.map(({ payload }) => payload)]);
}

/**
 * Parses the payload of a part.
 * @throws PixrnnError 'file-corrupt'
 */
export function decodePlanesPayload(payload: Uint8Array): PlanesPart {
  const reader = ByteReader.ofPart(payload, 'a tile of luma and chroma');
  const { number, phase } = decodeOriginByte(reader.uint(1));
  const origin = ORIGINS[number];
  const kinds = reader.uint(1);
  const representations = [0, 2, 4, 6].map((shift) => PLAIN_REPRESENTATIONS[(kinds >> shift) & 3] ?? null);
  const [ofLuma, ofFirst, ofSecond] = representations;
  if (ofLuma === null || ofFirst === null || (ofSecond === null && ofFirst !== 'model')) {
    throw reader.corruptPart('has an unknown representation of a plane');
  }
  const count = representations.filter((representation) => representation !== null).length;
  const lengths = Array.from({ length: count - 1 }, () => reader.varint());
  const [luma, first, secondChroma, exceptions] = representations.map(
    (representation): PlainPart | null =>
      representation && { representation, payload: reader.take(lengths.shift() ?? reader.remaining) },
  );
  if (origin === undefined || !hasPhase(origin, phase)) throw reader.corruptPart('has an unknown origin');
  const chroma = secondChroma ? ([first!, secondChroma] as const) : ([first!] as const);
  return { origin, phase, luma: luma!, chroma, exceptions: exceptions ?? null };
}

function kindOf(part: PlainPart | null): number {
  return part ? PLAIN_REPRESENTATIONS.indexOf(part.representation) : NO_PAYLOAD;
}

/** A part that is coded by itself: luma, a chroma plane, or both chroma planes and the luma that is known of them. */
export interface CodedPlane extends Size {
  readonly part: PlainPart;
  readonly channels: 1 | 3;
  /** Number of its coded samples. */
  readonly samples: number;
}

/** Returns luma, then the parts of chroma. */
export function codedPlanes({ luma, chroma, ...place }: PlanesPart, size: Size): CodedPlane[] {
  const [ofLuma, ofChroma] = planeSizes(place, size);
  const channels = chroma.length === 1 ? 3 : 1;
  const cells = ofChroma.width * ofChroma.height;
  return [
    { part: luma, ...ofLuma, channels: 1, samples: size.width * size.height },
    ...chroma.map((part) => ({ part, ...ofChroma, channels, samples: (cells * 2) / chroma.length }) as const),
  ];
}

/** Returns the sizes of luma and of a chroma plane. */
export function planeSizes(
  { origin, phase }: Pick<PlanesPart, 'origin' | 'phase'>,
  { width, height }: Size,
): readonly [Size, Size] {
  const { horizontal, vertical } = origin.subsampling;
  const chroma = { width: cellCount(horizontal, width, phase.x), height: cellCount(vertical, height, phase.y) };
  return [{ width, height }, chroma];
}

function hasPhase({ subsampling: { horizontal, vertical } }: Origin, { x, y }: Phase): boolean {
  return x < horizontal.step && y < vertical.step;
}
