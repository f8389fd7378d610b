import { VERSION_NUMBER } from '#pixrnn/codec/container-layout.js';
import { equalBytes } from '#pixrnn/bytes.js';
import { type Effort, EFFORTS, JPEG_EFFORTS } from '#pixrnn/effort.js';
import type { Channels, Depth } from '#pixrnn/samples.js';
import { encodeVarint } from '#pixrnn/varint.js';
import { LenientReader } from './lenient-reader.js';
import { MAX_PIXELS, MAX_RESTORED_PIXELS, MAX_SHIPPED_PIXELS } from './limits.js';

/** A model that a header may name. */
export interface KnownModel {
  /** The bytes of the reference. */
  readonly reference: Uint8Array;
  readonly channels: 1 | 3;
  readonly depths: readonly Depth[];
  readonly isShipped: boolean;
}

/** What the parts after a header depend on. */
export interface RepairedHeader {
  /** From the version on. */
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  readonly depth: Depth;
  readonly hasRgbModel: boolean;
  readonly hasGrayModel: boolean;
  readonly restores: boolean;
}

const HAS_FORMAT = 0x80;
const DEFAULT_FORMAT = 0x0e;
const INDEXED = 0x20;
const RGB_MODEL = 0x08;
const GRAY_MODEL = 0x10;
const RESTORES = 0x20;
const HAS_PREVIEW = 0x40;
const EXTENSIONS = 24;
const KIND_SHIFT = 5;
const ID_BYTES = 8;
/** Sides of images that were too large. */
const MAX_SIDE = 48;

/**
 * Returns a valid header of kind `pixels` that is like the given one.
 * @param pictureBytes length of the preview; 0 without one
 * @param hasRecipe whether there is a recipe to restore a source with
 */
export function repairedHeader(
  given: Uint8Array,
  models: readonly KnownModel[],
  pictureBytes: number,
  hasRecipe: boolean,
): RepairedHeader {
  const reader = new LenientReader(given);
  const first = reader.byte();
  const format = first & HAS_FORMAT ? reader.byte() : DEFAULT_FORMAT;
  const coding = reader.byte();
  const extension = coding & RESTORES ? reader.byte() : 0;
  const [givenWidth, givenHeight] = [reader.varint(), reader.varint()];
  const reference = (bit: number): Uint8Array | null => (coding & bit ? readReference(reader) : null);
  const [rgb, gray] = [reference(RGB_MODEL), reference(GRAY_MODEL)];

  const logDepth = Math.min(4, (format >> 2) & 7);
  const depth = (2 ** logDepth) as Depth;
  const channels = (depth < 8 ? 1 : (format & 3) + 1) as Channels;
  const indexed = channels === 1 && depth <= 8 ? format & INDEXED : 0;
  const rgbModel = rgb && channels >= 3 ? modelLike(rgb, models, 3, depth) : null;
  const grayModel = gray && modelLike(gray, models, 1, depth);
  const named = [rgbModel, grayModel].filter((model) => model !== null);
  const restores = hasRecipe && (coding & RESTORES) !== 0;
  const effort = named.length === 0 ? 0 : effortLike(coding, EFFORTS);
  const limit = named.some(({ isShipped }) => isShipped) ? MAX_SHIPPED_PIXELS : MAX_PIXELS;
  const { width, height } = sizeLike(givenWidth, givenHeight, limit);
  const newFormat = (channels - 1) | (logDepth << 2) | indexed;
  const hasFormat = newFormat !== DEFAULT_FORMAT;
  const bits =
    effort |
    (rgbModel ? RGB_MODEL : 0) |
    (grayModel ? GRAY_MODEL : 0) |
    (restores ? RESTORES : 0) |
    (pictureBytes > 0 ? HAS_PREVIEW : 0);
  const bytes = Uint8Array.from([
    VERSION_NUMBER | (hasFormat ? HAS_FORMAT : 0),
    ...(hasFormat ? [newFormat] : []),
    bits,
    ...(restores ? [extensionLike(extension)] : []),
    ...encodeVarint(width),
    ...encodeVarint(height),
    ...named.flatMap((model) => [...model.reference]),
    ...(pictureBytes > 0 ? encodeVarint(pictureBytes) : []),
  ]);
  const has = { hasRgbModel: rgbModel !== null, hasGrayModel: grayModel !== null };
  return { bytes, width, height, channels, depth, ...has, restores };
}

/** Returns a valid header of kind `jpeg` or `stored` that is like the given one; of a JPEG file with the size of its image. */
export function repairedSourceHeader(
  given: Uint8Array,
  kind: 'jpeg' | 'stored',
  pictureBytes: number,
  size: { readonly width: number; readonly height: number } | null,
): Uint8Array {
  const reader = new LenientReader(given);
  const isJpeg = kind === 'jpeg';
  const hasPreview = pictureBytes > 0;
  reader.byte();
  const coding = isJpeg ? reader.byte() : 0;
  const extension = reader.byte();
  const { width, height } = size ?? sizeLike(reader.varint(), reader.varint(), MAX_RESTORED_PIXELS);
  return Uint8Array.from([
    VERSION_NUMBER | ((isJpeg ? 1 : 2) << KIND_SHIFT) | (!isJpeg && hasPreview ? HAS_FORMAT : 0),
    ...(isJpeg ? [effortLike(coding, JPEG_EFFORTS) | RESTORES | (hasPreview ? HAS_PREVIEW : 0)] : []),
    extensionLike(extension) | (isJpeg ? 0 : extension & 0x40),
    ...encodeVarint(width),
    ...encodeVarint(height),
    ...(hasPreview ? encodeVarint(pictureBytes) : []),
  ]);
}

function readReference(reader: LenientReader): Uint8Array {
  const number = reader.byte();
  return number === 0 ? Uint8Array.of(0, ...reader.bytes(ID_BYTES)) : Uint8Array.of(number);
}

/** Returns the model of a reference, or another one that fits; null if none does. */
function modelLike(
  reference: Uint8Array,
  models: readonly KnownModel[],
  channels: 1 | 3,
  depth: Depth,
): KnownModel | null {
  const fitting = models.filter((model) => model.channels === channels && model.depths.includes(depth));
  const found = fitting.find((model) => equalBytes(model.reference, reference));
  return found ?? fitting[(reference.at(-1) ?? 0) % fitting.length] ?? null;
}

function effortLike(coding: number, efforts: readonly Effort[]): Effort {
  return efforts.find((effort) => effort === (coding & 7)) ?? 1;
}

function extensionLike(extension: number): number {
  return (extension & 0x80) | ((extension & 0x3f) % EXTENSIONS);
}

function sizeLike(width: number, height: number, limit: number): { width: number; height: number } {
  if (width >= 1 && height >= 1 && width * height <= limit) return { width, height };
  const narrow = 1 + ((width + MAX_SIDE - 1) % MAX_SIDE);
  return { width: narrow, height: 1 + (height % Math.floor(limit / narrow)) };
}
