import fc from 'fast-check';
import { bigEndian, concatBytes, latin1Bytes } from '#pixrnn/bytes.js';
import { CHECK_BYTES, checksum, SOURCE_CHECK_BYTES } from '#pixrnn/crc32.js';
import {
  type Container,
  type ContainerHeader,
  VERSION_NUMBER,
  type EmbeddedPreview,
  encodeContainer,
  isStored,
  type Restoration,
  type StoredFile,
  type TileChunk,
  type TilePart,
} from '#pixrnn/codec/container.js';
import { colourChannels, hasAlpha, isByMainModel, partsOf, smallCount } from '#pixrnn/codec/container-layout.js';
import { type Tile, tileGrid } from '#pixrnn/codec/tile-grid.js';
import { encodeVarint, varintLength } from '#pixrnn/varint.js';
import { DEFAULT_EFFORT, EFFORTS } from '#pixrnn/effort.js';
import type { ModelReference } from '#pixrnn/model/registry.js';
import { packedLength, type Channels, type Depth } from '#pixrnn/samples.js';

export const MODEL_ID = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const DIGEST = Uint8Array.from({ length: 16 }, (_, i) => 0xf0 + i);

/** The header of an 8-bit RGB image with a shipped model. */
export const RGB: ContainerHeader = {
  width: 2,
  height: 2,
  channels: 3,
  depth: 8,
  indexed: false,
  rgbModel: 1,
  grayModel: null,
  effort: 3,
};

/** The other fields of a tile whose channels are all coded together. */
export const TOGETHER = { alpha: null, isGray: false, hiddenColour: null } as const;

/**
 * Returns a container of identical tiles: model-coded with `payload(samples)` bytes if there is a model, otherwise raw.
 */
export function sampleContainer(header: ContainerHeader, payloadBytes = (samples: number) => samples): Container {
  const grid = tileGrid(header.width, header.height);
  const isCoded = header.rgbModel !== null || header.grayModel !== null;
  const image = grid.map(({ width, height }): TileChunk => {
    const samples = width * height * header.channels;
    const bytes = isCoded ? payloadBytes(samples) : packedLength(samples, header.depth);
    const payload = new Uint8Array(bytes).fill(0x5a);
    return {
      ...TOGETHER,
      colours: { representation: isCoded ? 'model' : 'raw', payload },
      samplesCrc: grid.length > 1 ? 0x01020304 : null,
    };
  });
  return { header, metadata: [], restoration: null, activeAlphabet: null, image, digest: DIGEST };
}

/** Two tiles, two metadata chunks, a recipe, a gray image and a model with an id. */
export function smallFile(): { container: Container; bytes: Uint8Array } {
  const header: ContainerHeader = {
    ...RGB,
    width: 1030,
    height: 1,
    channels: 1,
    rgbModel: null,
    grayModel: MODEL_ID,
    effort: 2,
  };
  const metadata = [Uint8Array.of(0x4d, 0x54, 0x52), new Uint8Array(0)];
  const digest = Uint8Array.from({ length: 32 }, (_, i) => 3 * i);
  const restoration = { extension: '.PNG', recipe: Uint8Array.of(0x56, 0x54, 0x58), digest };
  const container = { ...sampleContainer(header, () => 12), metadata, restoration };
  return { container, bytes: encodeContainer(container) };
}

/** Returns the tiles of a container that has some. */
export function tilesOf({ image }: Container): readonly TileChunk[] {
  if (isStored(image)) throw new Error('it stores its source');
  return image;
}

/** Returns the positions of all checked parts and of their checks. */
export function checkedParts(container: Container): { start: number; check: number }[] {
  const { header, metadata, restoration, activeAlphabet } = container;
  const tiles = tilesOf(container);
  const { width, height, channels, depth, indexed, rgbModel, grayModel } = header;
  const isDefault = channels === 3 && depth === 8 && !indexed;
  const referenceLength = (model: ModelReference | null): number =>
    model === null ? 0 : typeof model === 'number' ? 1 : 1 + model.length;
  const headerEnd =
    (isDefault ? 4 : 5) +
    (restoration === null ? 0 : 1) +
    varintLength(width) +
    varintLength(height) +
    referenceLength(rgbModel) +
    referenceLength(grayModel);
  const chunk = (length: number, more = 0): number => 1 + varintLength(length) + more + length;
  const tileLength = (tile: TileChunk): number => {
    const { alpha, isGray, hiddenColour } = tile;
    const payloads = partsOf(tile).reduce((sum, { payload }) => sum + payload.length, 0);
    if (alpha === null && !isGray) return payloads;
    const colourBytes = (hiddenColour?.length ?? 0) * (header.depth === 16 ? 2 : 1);
    return 1 + colourBytes + (alpha ? varintLength(alpha.payload.length) : 0) + payloads;
  };
  const tileChunkLengths = (tiles: readonly TileChunk[]): number[] =>
    tiles.map((tile) => chunk(tileLength(tile), tile.samplesCrc === null ? 0 : 4));
  const lengths = [
    headerEnd,
    ...metadata.map(({ length }) => chunk(length)),
    ...(restoration === null ? [] : [chunk(restoration.recipe.length)]),
    ...(activeAlphabet === null ? [] : [chunk(activeAlphabet.length)]),
    ...smallChunkLengths(tiles),
    ...tileChunkLengths(tiles),
  ];
  let start = 0;
  return lengths.map((length) => {
    const part = { start, check: start + length };
    start += length + 2;
    return part;
  });
}

/** Returns the length of each chunk of small images, without its check. */
function smallChunkLengths(tiles: readonly TileChunk[]): number[] {
  return Array.from({ length: smallCount(tiles) }, (_, scale) => {
    const lengths = tiles.map(({ colours }) => colours.smaller?.[scale]?.length ?? 0);
    return lengths.reduce((sum, length) => sum + varintLength(length) + length, 1);
  });
}

/** Returns `bytes` with the check of every part recomputed, as an attacker would. */
export function withNewChecks(bytes: Uint8Array, parts: { start: number; check: number }[]): Uint8Array {
  const copy = bytes.slice();
  for (const { start, check } of parts) {
    new DataView(copy.buffer).setUint16(check, checksum(CHECK_BYTES, copy.subarray(start, check)));
  }
  return copy;
}

/** Returns the bytes of one part, including its check. */
export function part(...fields: number[]): number[] {
  return withCheck(fields, CHECK_BYTES);
}

/** Returns the bytes of a file that stores its source without a preview, including the check. */
export function storedPart(...fields: number[]): number[] {
  return withCheck(fields, SOURCE_CHECK_BYTES);
}

function withCheck(fields: number[], size: number): number[] {
  return [...fields, ...bigEndian(checksum(size, Uint8Array.from(fields)), size)];
}

/** Returns the header of an RGB image with a shipped model, for any size. */
export function rgbHeader(width: number, height: number): number[] {
  return part(0x8f, 0x70, VERSION_NUMBER, 0x0b, ...encodeVarint(width), ...encodeVarint(height), 1);
}

/** Returns the header of a pixel with this format byte (0x0e is redundant) and these fields of its coding. */
export function pixelHeader(format: number, coding: number, ...models: number[]): number[] {
  return part(0x8f, 0x70, 0x80 | VERSION_NUMBER, format, coding, 1, 1, ...models);
}

/** All kinds of samples. */
const KINDS: readonly (readonly [Channels, Depth, boolean])[] = [
  ...([1, 2, 4, 8, 16] as const).map((depth) => [1, depth, false] as const),
  ...([1, 2, 4, 8] as const).map((depth) => [1, depth, true] as const),
  ...([2, 3, 4] as const).flatMap((channels) => ([8, 16] as const).map((depth) => [channels, depth, false] as const)),
];

const references = fc.option(fc.oneof(fc.integer({ min: 1, max: 255 }), fc.uint8Array({ minLength: 8, maxLength: 8 })));

/** Extensions of sources, in lower and upper case. */
export const extensions = fc.constantFrom('.png', '.PNG', '.tif', '.TIFF', '.gif', '.ppm', '.jpeg', '.JFIF');

const restorations: fc.Arbitrary<Restoration> = fc
  .record({
    extension: extensions,
    recipe: fc.uint8Array({ maxLength: 200 }),
    digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  })
  .map((restoration) => ({ ...restoration }));

/** Previews, whose pictures need not be any. */
export const previews: fc.Arbitrary<EmbeddedPreview> = fc
  .uint8Array({ minLength: 1, maxLength: 300 })
  .map((picture) => ({ picture, damaged: false }));

/** Files that store their source, which need not be an image. */
export const storedFiles: fc.Arbitrary<StoredFile> = fc
  .record({
    width: fc.integer({ min: 1, max: 10_000 }),
    height: fc.integer({ min: 1, max: 10_000 }),
    extension: extensions,
    signature: fc.constantFrom(
      '',
      '\x89PNG\r\n\x1a\n',
      'II*\0',
      'MM\0*',
      'GIF87a',
      'GIF89a',
      'P3',
      'P6',
      '\xff\xd8\xff',
    ),
    rest: fc.uint8Array({ maxLength: 50 }),
  })
  .map(({ signature, rest, ...fields }) => ({ ...fields, source: concatBytes([latin1Bytes(signature), rest]) }));

/** Containers of one to six tiles, with all fields varied. */
export const containers: fc.Arbitrary<Container> = fc
  .record({
    size: fc.oneof(
      fc.record({ width: fc.integer({ min: 1, max: 300 }), height: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ width: fc.integer({ min: 1025, max: 6144 }), height: fc.constant(1) }),
    ),
    kind: fc.constantFrom(...KINDS),
    rgbModel: references,
    grayModel: references,
    level: fc.constantFrom(...EFFORTS),
    metadata: fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 3 }),
    restoration: fc.option(restorations),
    digest: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    seeds: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
    scales: fc.constantFrom(0, 0, 1, 2, 4),
    preview: fc.option(previews),
  })
  .map(({ size, kind: [channels, depth, indexed], grayModel, level, seeds, scales, ...others }) => {
    const { metadata, restoration, digest, preview } = others;
    const rgbModel = channels >= 3 ? others.rgbModel : null;
    const effort = rgbModel === null && grayModel === null ? DEFAULT_EFFORT : level;
    const header = { ...size, channels, depth, indexed, rgbModel, grayModel, effort };
    const grid = tileGrid(size.width, size.height);
    const image = grid.map((tile, i) =>
      withSmaller(tileOf(header, tile, seeds[i]!, grid.length > 1), tile, header, scales),
    );
    return { header, metadata, restoration, activeAlphabet: null, image, digest, ...(preview && { preview }) };
  });

/** Returns the tile with payloads for smaller images if a model allows them. */
function withSmaller(chunk: TileChunk, tile: Tile, { channels, depth }: ContainerHeader, scales: number): TileChunk {
  const { alpha, colours } = chunk;
  if (scales === 0 || !isByMainModel(chunk)) return chunk;
  const smaller = Array.from({ length: scales }, (_, i) => {
    const factor = 2 ** (scales - i);
    const pixels = Math.ceil(tile.width / factor) * Math.ceil(tile.height / factor);
    const maxLength = packedLength(pixels * (channels >= 3 ? 3 : 1), depth);
    return new Uint8Array(1 + (colours.payload.length % maxLength)).fill(i + 1);
  });
  const isPlain = channels === 2 && alpha?.representation === 'model';
  return {
    ...chunk,
    // The only model of such an image then codes the small images too.
    alpha: isPlain ? { representation: 'palette', payload: alpha.payload } : alpha,
    colours: { ...colours, smaller },
  };
}

/** Returns a tile drawn from the seed: together, split or gray, in any valid coding. */
function tileOf(header: ContainerHeader, tile: Tile, seed: number, hasCrc: boolean): TileChunk {
  const { channels, depth, rgbModel, grayModel } = header;
  const isApart = hasAlpha(channels) && seed % 3 > 0;
  const isGray = channels >= 3 && seed % 5 === 0 && (isApart || !hasAlpha(channels));
  const part = (count: Channels, bits: number): TilePart => {
    const raw = packedLength(tile.width * tile.height * count, depth);
    const model = count === 1 ? grayModel : rgbModel;
    const coded = model === null || hasAlpha(count) ? 'palette' : 'model';
    const representation = (['raw', 'palette', coded] as const)[bits % 3]!;
    const length = representation === 'raw' ? raw : seed % (raw + 1);
    return { representation, payload: Uint8Array.from({ length }, (_, k) => (seed >>> 3) * k) };
  };
  const alpha = isApart ? part(1, seed >> 4) : null;
  const count = colourChannels(channels, { alpha, isGray });
  const colours = part(count, seed >> 8);
  const mayHide = isApart && colours.representation === 'model' && seed % 2 === 0;
  return {
    alpha,
    colours,
    isGray,
    hiddenColour: mayHide ? Array.from({ length: count }, (_, c) => (seed + 77 * c) % 2 ** depth) : null,
    samplesCrc: hasCrc ? seed : null,
  };
}
