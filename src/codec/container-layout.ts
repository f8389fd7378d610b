/** What a .prnn file is made of; docs/FORMAT.md is the specification. */

export const MAGIC = [0x8f, 0x50] as const;
/** The revision of format version 0 that this program reads and writes. */
export const REVISION = 1;
/** Bit 7 of the revision byte: a flags byte follows. */
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
