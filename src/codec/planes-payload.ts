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
  /** Luma, first chroma, second chroma: one channel of 8 bits each. */
  readonly planes: readonly [PlainPart, PlainPart, PlainPart];
  /** The samples less those that follow from the planes, modulo 256; null if all are zero. */
  readonly exceptions: PlainPart | null;
}

/** The second byte: two bits for each plane, then two for the exceptions, 3 if there are none. */
const NO_EXCEPTIONS = 3;

export function encodePlanesPayload({ origin, phase, planes, exceptions }: PlanesPart): Uint8Array {
  const first = encodeOriginByte(ORIGINS.indexOf(origin), phase);
  const parts = exceptions === null ? planes : [...planes, exceptions];
  const kinds = [...parts.map(({ representation }) => PLAIN_REPRESENTATIONS.indexOf(representation)), NO_EXCEPTIONS];
  const second = kinds.slice(0, 4).reduce((byte, kind, i) => byte | (kind << (2 * i)), 0);
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
  const second = reader.uint(1);
  const kinds = [0, 2, 4, 6].map((shift) => (second >> shift) & 3);
  const count = kinds[3] === NO_EXCEPTIONS ? 3 : 4;
  const lengths = Array.from({ length: count - 1 }, () => reader.varint());
  const parts = kinds.slice(0, count).map((kind, i): PlainPart => {
    const representation = PLAIN_REPRESENTATIONS[kind];
    if (representation === undefined) throw reader.corruptPart('has an unknown representation of a plane');
    return { representation, payload: reader.take(lengths[i] ?? reader.remaining) };
  });
  if (origin === undefined || !hasPhase(origin, phase)) throw reader.corruptPart('has an unknown origin');
  const [luma, firstChroma, secondChroma, exceptions = null] = parts;
  return { origin, phase, planes: [luma!, firstChroma!, secondChroma!], exceptions };
}

/** Returns the sizes of luma and of the chroma planes. */
export function planeSizes({ origin, phase }: Pick<PlanesPart, 'origin' | 'phase'>, { width, height }: Size): Size[] {
  const { horizontal, vertical } = origin.subsampling;
  const chroma = { width: cellCount(horizontal, width, phase.x), height: cellCount(vertical, height, phase.y) };
  return [{ width, height }, chroma, chroma];
}

function hasPhase({ subsampling: { horizontal, vertical } }: Origin, { x, y }: Phase): boolean {
  return x < horizontal.step && y < vertical.step;
}
