import { concatBytes } from '#pixrnn/bytes.js';
import { DIGEST_BYTES, SOURCE_DIGEST_BYTES } from '#pixrnn/codec/check.js';
import {
  SAMPLES_CRC_BYTES,
  TILE_TYPES,
  TYPE_COEFFICIENTS,
  TYPE_RECIPE,
  TYPE_SPLIT_TILE,
  TYPE_VALUES,
} from '#pixrnn/codec/container-layout.js';
import { tileGrid } from '#pixrnn/codec/tile-grid.js';
import { outlineOf } from '#pixrnn/jpeg/outline.js';
import { packedLength } from '#pixrnn/samples.js';
import type { Size } from '#pixrnn/subsample.js';
import type { Part } from './parts.js';
import { TAG } from './prnn-tags.js';
import { type KnownModel, repairedHeader, type RepairedHeader, repairedSourceHeader } from './repair-header.js';

const { model: MODEL, palette: PALETTE, raw: RAW, planes: PLANES } = TILE_TYPES;
const KIND_SHIFT = 5;
const KIND_MASK = 3;

/**
 * Returns the parts of a file that obeys the rules of the container as far as they do not concern the contents of
 * payloads: a valid header, chunks in the right order, one tile for each place of the grid, and digests. A mutation of
 * one part then does not hide what it does in another.
 */
export function repairedParts(parts: readonly Part[], models: readonly KnownModel[]): readonly Part[] {
  const header = parts.find(({ tag }) => tag === TAG.header || tag === TAG.uncheckedHeader) ?? parts[0];
  if (!header) return parts;
  const kind = ((header.bytes[0] ?? 0) >> KIND_SHIFT) & KIND_MASK;
  if (kind === 1) return jpegParts(header.bytes, parts);
  return kind === 2 ? storedParts(header.bytes, parts) : pixelParts(header.bytes, parts, models);
}

function pixelParts(given: Uint8Array, parts: readonly Part[], models: readonly KnownModel[]): Part[] {
  const picture = pictureOf(parts);
  const packed = (type: number): Part[] => parts.filter(({ tag, bytes }) => tag === TAG.packed && bytes[0] === type);
  const [recipe] = packed(TYPE_RECIPE);
  const header = repairedHeader(given, models, lengthOf(picture), recipe !== undefined);
  return [
    { tag: TAG.header, bytes: header.bytes },
    ...picture,
    ...withTag(parts, TAG.metadata).slice(0, 1),
    ...(header.restores && recipe ? [recipe] : []),
    ...packed(TYPE_VALUES).slice(0, 1),
    ...withTag(parts, TAG.small),
    ...tiles(header, parts),
    digest(parts, DIGEST_BYTES + (header.restores ? SOURCE_DIGEST_BYTES : 0)),
  ];
}

/** Returns a chunk for each tile of the grid: those of the parts, the last one again where they are too few. */
function tiles(header: RepairedHeader, parts: readonly Part[]): Part[] {
  const grid = tileGrid(header.width, header.height);
  const tag = grid.length > 1 ? TAG.tile : TAG.chunk;
  const given = parts.filter((part) => part.tag === TAG.chunk || part.tag === TAG.tile);
  return grid.map((tile, i) => {
    const part = given[Math.min(i, given.length - 1)];
    const [type = RAW, ...rest] = part?.bytes ?? [];
    const crc = part?.tag === TAG.tile ? rest.splice(0, SAMPLES_CRC_BYTES) : [0, 0, 0, 0];
    const samples = tile.width * tile.height * header.channels;
    const kind = typeLike(type, header);
    const payload = fitted(kind, Uint8Array.from(rest), packedLength(samples, header.depth));
    return { tag, bytes: concatBytes([Uint8Array.of(kind), Uint8Array.from(tag === TAG.tile ? crc : []), payload]) };
  });
}

/** Returns a type of tile that the header allows. */
function typeLike(type: number, { channels, hasRgbModel, hasGrayModel }: RepairedHeader): number {
  const hasModel = (channels === 1 && hasGrayModel) || (channels === 3 && hasRgbModel);
  if (type === MODEL) return hasModel ? MODEL : PALETTE;
  return type === PLANES || type === TYPE_SPLIT_TILE || type === RAW ? type : PALETTE;
}

/** Raw samples have one length, coded ones at most that. */
function fitted(type: number, payload: Uint8Array, length: number): Uint8Array {
  if (type === RAW) return Uint8Array.from({ length }, (_, i) => payload[i] ?? 0);
  return type === MODEL || type === PALETTE ? payload.subarray(0, length) : payload;
}

function jpegParts(given: Uint8Array, parts: readonly Part[]): Part[] {
  const picture = pictureOf(parts);
  const structures = withTag(parts, TAG.structure);
  const coefficients = withTag(parts, TAG.chunk);
  const missing = { tag: TAG.chunk, bytes: Uint8Array.of(TYPE_COEFFICIENTS) };
  return [
    { tag: TAG.header, bytes: repairedSourceHeader(given, 'jpeg', lengthOf(picture), sizeOf(structures[0])) },
    ...picture,
    ...parts.filter(({ tag }) => tag === TAG.structure || tag === TAG.literals),
    ...structures.map((_, i) => coefficients[i] ?? missing),
    digest(parts, SOURCE_DIGEST_BYTES),
  ];
}

/** Returns the size that a structure states; null if it is malformed. */
function sizeOf(structure: Part | undefined): Size | null {
  try {
    return structure ? outlineOf(structure.bytes).shape : null;
  } catch {
    return null;
  }
}

function storedParts(given: Uint8Array, parts: readonly Part[]): Part[] {
  const picture = pictureOf(parts);
  return [
    {
      tag: picture.length > 0 ? TAG.header : TAG.uncheckedHeader,
      bytes: repairedSourceHeader(given, 'stored', lengthOf(picture), null),
    },
    ...picture,
    { tag: TAG.source, bytes: withTag(parts, TAG.source)[0]?.bytes ?? new Uint8Array(0) },
  ];
}

function withTag(parts: readonly Part[], wanted: string): Part[] {
  return parts.filter(({ tag }) => tag === wanted);
}

function pictureOf(parts: readonly Part[]): Part[] {
  return withTag(parts, TAG.picture)
    .filter(({ bytes }) => bytes.length > 0)
    .slice(0, 1);
}

function lengthOf([part]: readonly Part[]): number {
  return part?.bytes.length ?? 0;
}

/** Returns the digests of the parts, cut or extended to their length. */
function digest(parts: readonly Part[], length: number): Part {
  const given = concatBytes(withTag(parts, TAG.verbatim).map(({ bytes }) => bytes));
  return { tag: TAG.verbatim, bytes: Uint8Array.from({ length }, (_, i) => given[i] ?? 0) };
}
