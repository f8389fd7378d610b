import type { Raster } from '../image/raster.js';
import { FieldReader, FieldWriter, malformedRecipe } from './fields.js';
import { TILE_PADDINGS, type TiffPacking, segmentBytes, segmentCount } from './tiff-packing.js';

/** The parameters of a TIFF layout. */
export interface TiffParameters {
  readonly packing: TiffPacking;
  /** The segment of each stream: streams are in the order of the file. */
  readonly segments: readonly number[];
  /** Corrections of streams (corrections.ts), by their index. */
  readonly corrections: ReadonlyMap<number, Uint8Array>;
}

const FLAGS = ['bigEndian', 'inverted', 'planar', 'differences', 'reversedBits', 'tiled'] as const;

/** Bound of a segment's size, as for the streams of all recipes. */
const [MAX_EXPANSION, MAX_EXCESS] = [4, 2 ** 20];

export function writeTiffParameters({ packing, segments, corrections }: TiffParameters): Uint8Array {
  const flags = FLAGS.reduce((bits, name, i) => bits | (packing[name] ? 1 << i : 0), 0);
  const fields = new FieldWriter()
    .number(flags)
    .number(TILE_PADDINGS.indexOf(packing.padding))
    .number(packing.width)
    .number(packing.height);
  const inOrder = segments.every((segment, index) => segment === index);
  fields.number(inOrder ? 0 : segments.length);
  if (!inOrder) for (const segment of segments) fields.number(segment);
  fields.number(corrections.size);
  for (const [index, bytes] of corrections) fields.number(index).block(bytes);
  return fields.finish();
}

/**
 * Reads parameters; `segments` is empty if stream and segment numbers are the same.
 * @throws PixrnnError 'file-corrupt'
 */
export function readTiffParameters(parameters: Uint8Array, raster: Raster): TiffParameters {
  const fields = new FieldReader(parameters);
  const flags = fields.number(2 ** FLAGS.length - 1);
  const has = (name: (typeof FLAGS)[number]): boolean => ((flags >> FLAGS.indexOf(name)) & 1) !== 0;
  const packing: TiffPacking = {
    bigEndian: has('bigEndian'),
    inverted: has('inverted'),
    planar: has('planar'),
    differences: has('differences'),
    reversedBits: has('reversedBits'),
    tiled: has('tiled'),
    padding: TILE_PADDINGS[fields.number(TILE_PADDINGS.length - 1)]!,
    width: fields.number(2 ** 31),
    height: fields.number(2 ** 31),
  };
  if (packing.width < 1 || packing.height < 1) throw malformedRecipe();
  const maxBytes = MAX_EXPANSION * raster.samples.byteLength + MAX_EXCESS;
  if (segmentBytes(raster, packing, 0) > maxBytes) throw malformedRecipe();
  const count = segmentCount(raster, packing);
  const ordered = fields.number(Math.min(count, fields.remaining));
  const segments = Array.from({ length: ordered }, () => fields.number(count - 1));
  const corrections = new Map<number, Uint8Array>();
  for (let left = fields.number(fields.remaining); left > 0; left--)
    corrections.set(fields.number(count - 1), fields.block());
  if (fields.remaining > 0) throw malformedRecipe();
  return { packing, segments, corrections };
}
