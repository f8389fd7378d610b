import type { Effort } from '../engine/effort.js';

/* What a .prnn file is made of; docs/FORMAT.md is the specification. */

export const MAGIC = [0x8f, 0x50] as const;
/** The revision of format version 0 that this program writes. It reads the ones before as well. */
export const REVISION = 2;
/** The first revision whose header tells the effort; before, all was coded with effort 1. */
export const FIRST_REVISION_WITH_EFFORT = 2;
/** The revision byte: bits 0-4 are the revision, 5 and 6 the effort (0 for the default one); bit 7: a flags byte follows. */
export const REVISION_MASK = 0x1f;
export const EFFORT_SHIFT = 5;
export const EFFORT_MASK = 0x60;
export const HAS_FLAGS = 0x80;

export const FLAG_GRAY = 0x01;
export const FLAG_NO_MODEL = 0x02;

export const TYPE_METADATA = 0x4d; // 'M'
export const TYPE_MODEL_TILE = 0x54; // 'T'
export const TYPE_RAW_TILE = 0x52; // 'R'

export const MODEL_ID_BYTES = 8;
export const SAMPLES_CRC_BYTES = 4;
/** Largest width and largest height, in pixels. */
export const MAX_SIDE = 2 ** 31 - 1;

export interface ContainerHeader {
  width: number;
  height: number;
  channels: 1 | 3;
  /** 8 bytes, or null where no tile needs a model. */
  modelId: Uint8Array | null;
  /** How the tiles were coded with the model; the default one where none is. */
  effort: Effort;
}

export interface TileChunk {
  representation: 'model' | 'raw';
  payload: Uint8Array;
  /** CRC-32 of the tile's decoded samples; null where the image is a single tile, which the digest covers alone. */
  samplesCrc: number | null;
}

export interface Container {
  header: ContainerHeader;
  metadata: Uint8Array[];
  /** One for each tile of the grid, in its order. */
  tiles: TileChunk[];
  /** 16 bytes: see samplesDigest. Only whoever has the samples can compare it. */
  digest: Uint8Array;
}

/** The revision of a file that was found to be one. */
export function revisionOf(bytes: Uint8Array): number {
  return (bytes[MAGIC.length] ?? 0) & REVISION_MASK;
}

/** What is wrong with a tile's payload length, or null. `samples` is how many samples the tile has. */
export function payloadLengthFault(
  representation: TileChunk['representation'],
  length: number,
  samples: number,
): string | null {
  if (representation === 'raw') {
    return length === samples ? null : `holds ${length} raw samples instead of ${samples}`;
  }
  return length >= 1 && length <= samples ? null : `has ${length} coded bytes, where 1 to ${samples} are possible`;
}
