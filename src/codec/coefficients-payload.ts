import { ByteReader } from '../byte-reader.js';
import { concatBytes } from '../bytes.js';
import { JPEG_EFFORTS, type JpegEffort } from '../effort.js';
import type { BlockPlace } from '../origin/dct/block-grid.js';
import type { Phase } from '../origin/chroma-grid.js';
import { type Origin, ORIGINS } from '../origin/origins.js';
import type { Subsampling } from '../origin/subsampling.js';
import { encodeVarint } from '../varint.js';
import { PLAIN_REPRESENTATIONS, type PlainPart } from './container-layout.js';
import { decodeOriginByte, encodeOriginByte } from './origin-byte.js';
import { decodeStepTables, encodeStepTables } from './step-tables.js';

/*
 * The payload of a part that is coded as the quantised coefficients of a JPEG image: origin, kinds, place on the grid of
 * blocks, quantisation tables, coefficients, exceptions (docs/format/origins.md).
 */

/** A part that is coded as the JPEG coefficients from which it was decoded. */
export interface CoefficientsPart {
  /** Null for gray. */
  readonly origin: Origin | null;
  readonly place: BlockPlace;
  /** Quantisation steps of each component. */
  readonly steps: readonly Uint16Array[];
  /** The effort of the coder of coefficients. */
  readonly effort: JpegEffort;
  readonly coefficients: Uint8Array;
  /** The samples less those that follow from the coefficients, modulo 256; null if all are zero. */
  readonly exceptions: PlainPart | null;
}

/** The number of the origin of gray. */
const GRAY = 0x3f;
/** The second byte: bits 0-1 are 3, bits 2-3 the effort, bits 4-5 where the image continues, bits 6-7 the exceptions. */
const KIND_MASK = 3;
const KIND = 3;
const EFFORT_SHIFT = 2;
const CONTINUES_RIGHT = 0x10;
const CONTINUES_DOWN = 0x20;
const EXCEPTIONS_SHIFT = 6;
const NO_EXCEPTIONS = 3;
/** The third byte: hidden columns and rows of the first block of chroma, or of gray, three bits each. */
const ROW_SHIFT = 3;
const HIDDEN_MASK = 7;
const GRID_MASK = 0x3f;

/** Returns whether the payload of a part has coefficients instead of planes. */
export function hasCoefficients(payload: Uint8Array): boolean {
  return payload.length > 1 && (payload[1]! & KIND_MASK) === KIND;
}

export function encodeCoefficientsPayload(part: CoefficientsPart): Uint8Array {
  const { origin, place, steps, effort, coefficients, exceptions } = part;
  const [horizontal, vertical] = pixelsPerCell(origin?.subsampling ?? null);
  const phase = { x: place.x % horizontal, y: place.y % vertical };
  const kind = exceptions ? PLAIN_REPRESENTATIONS.indexOf(exceptions.representation) : NO_EXCEPTIONS;
  const continues = (place.continuesRight ? CONTINUES_RIGHT : 0) | (place.continuesDown ? CONTINUES_DOWN : 0);
  return concatBytes([
    Uint8Array.of(
      encodeOriginByte(origin ? ORIGINS.indexOf(origin) : GRAY, phase),
      KIND | (effort << EFFORT_SHIFT) | continues | (kind << EXCEPTIONS_SHIFT),
      Math.floor(place.x / horizontal) | (Math.floor(place.y / vertical) << ROW_SHIFT),
    ),
    encodeStepTables(steps),
    Uint8Array.from(exceptions ? encodeVarint(coefficients.length) : []),
    coefficients,
    exceptions?.payload ?? new Uint8Array(),
  ]);
}

/**
 * Parses the payload of a part.
 * @throws PixrnnError 'file-corrupt'
 */
export function decodeCoefficientsPayload(payload: Uint8Array): CoefficientsPart {
  const reader = ByteReader.ofPart(payload, 'a tile of JPEG coefficients');
  const { number, phase } = decodeOriginByte(reader.uint(1));
  const isGray = number === GRAY;
  const origin = isGray ? null : ORIGINS[number];
  if (origin === undefined) throw reader.corruptPart('has an unknown origin');
  const second = reader.uint(1);
  const place = placeOf(origin, phase, second, reader.uint(1));
  if (place === null) throw reader.corruptPart('has an invalid place on the grid of blocks');
  const effort = JPEG_EFFORTS.find((one) => one === ((second >> EFFORT_SHIFT) & 3));
  const kind = second >> EXCEPTIONS_SHIFT;
  const representation = PLAIN_REPRESENTATIONS[kind];
  if ((second & KIND_MASK) !== KIND || effort === undefined) throw reader.corruptPart('has an unknown kind');
  if (representation === 'model') throw reader.corruptPart('has exceptions that are coded with a model');
  const steps = decodeStepTables(reader, isGray ? 1 : 3);
  const coefficients = reader.take(representation ? reader.varint() : reader.remaining);
  const exceptions = representation ? { representation, payload: reader.take(reader.remaining) } : null;
  return { origin, place, steps, effort, coefficients, exceptions };
}

function placeOf(origin: Origin | null, phase: Phase, kinds: number, grid: number): BlockPlace | null {
  const [horizontal, vertical] = pixelsPerCell(origin?.subsampling ?? null);
  const place = {
    x: horizontal * (grid & HIDDEN_MASK) + phase.x,
    y: vertical * ((grid >> ROW_SHIFT) & HIDDEN_MASK) + phase.y,
    continuesRight: (kinds & CONTINUES_RIGHT) !== 0,
    continuesDown: (kinds & CONTINUES_DOWN) !== 0,
  };
  const isValid =
    grid <= GRID_MASK &&
    phase.x < horizontal &&
    phase.y < vertical &&
    (horizontal > 1 || !place.continuesRight) &&
    (vertical > 1 || !place.continuesDown);
  return isValid ? place : null;
}

function pixelsPerCell(subsampling: Subsampling | null): readonly [horizontal: number, vertical: number] {
  return subsampling ? [subsampling.horizontal.step, subsampling.vertical.step] : [1, 1];
}
