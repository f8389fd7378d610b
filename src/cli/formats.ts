import { shellWord } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';
import { formatOfPath, type OutputFormat, sourceFormatOf } from '../image/formats.js';
import { channelsName, type Raster, type RasterShape } from '../image/raster.js';
import { pnmKind, writeImage, writingRemarks } from '../node/image/write-image.js';
import { hashedBytes } from '../samples.js';
import type { Option } from './command.js';
import { STANDARD_STREAM } from './input.js';
import { isNullDevice } from './null-device.js';

/* Output formats of `decompress`. */

const FORMATS = ['png', 'tiff', 'webp', 'pnm', 'raw'] as const satisfies readonly (OutputFormat | 'raw')[];
export type FileFormat = (typeof FORMATS)[number];

/** The extension of output files without --output. */
export const EXTENSIONS: Readonly<Record<FileFormat, string>> = {
  png: '.png',
  tiff: '.tif',
  webp: '.webp',
  pnm: '.pnm',
  raw: '.raw',
};

export const format = {
  group: 'Output',
  describe: 'Output format, also for directories and standard output',
  choices: FORMATS,
  type: 'string',
  requiresArg: true,
  defaultDescription: 'the source file, else by the extension of --output, else png',
} as const satisfies Option;

/** The note of `decompress --help`. */
export const FORMAT_NOTE =
  '--format raw writes only the samples: rows from top to bottom, channels interleaved, one byte per sample up to 8 bits and two bytes, ' +
  'big-endian, for 16 bits. Palette images are written as indices. `pixrnn info` shows size, channels and depth.';

/** The options of `decompress` that say what to write. */
interface FormatArguments {
  readonly output: string | undefined;
  readonly format: FileFormat | undefined;
}

/**
 * Returns what to write: the source file if --format and the extension of --output ask for nothing else, or the image
 * in a format.
 * @param extension of the source file; null if its bytes are not restored
 * @throws PixrnnError 'usage' if the extension of --output is unknown or does not match --format
 */
export function outputKind(args: FormatArguments, extension: string | null): FileFormat | 'source' {
  if (extension === null) return formatToWrite(args);
  const { output, format: given } = args;
  const format = sourceFormatOf(extension);
  if (given !== undefined && given !== format) return formatToWrite(args);
  const isNamed = output !== undefined && output !== STANDARD_STREAM && !isNullDevice(output);
  return !isNamed || isExtensionOf(output, extension) ? 'source' : formatToWrite(args);
}

/** Returns whether a name has this extension or another of the same format; each extension of PNM names its own kind. */
function isExtensionOf(name: string, extension: string): boolean {
  const format = sourceFormatOf(name);
  if (format === 'pnm') return name.toLowerCase().endsWith(extension.toLowerCase());
  return format !== null && format === sourceFormatOf(extension);
}

/** Returns whether only samples are to be written, without the shape of the image. */
export function isRaw({ output, format: given }: FormatArguments): boolean {
  return given === undefined ? output !== undefined && /\.raw$/i.test(output) : given === 'raw';
}

/**
 * Returns the format of --format or of the extension of --output; default PNG.
 * @throws PixrnnError 'usage' if the extension is unknown or does not match --format
 */
export function formatToWrite({ output, format: given }: FormatArguments): FileFormat {
  if (output === undefined || output === STANDARD_STREAM || isNullDevice(output)) return given ?? 'png';
  if (given === undefined) return isRaw({ output, format: given }) ? 'raw' : formatOfPath(output);
  const named = FORMATS.find((name) => name !== 'raw' && isOfFormat(output, name));
  if (named === undefined || named === given) return given;
  const what = `--format ${given} does not match the extension of ${shellWord(output)}`;
  throw new PixrnnError('usage', `${what}. Remove --format, or choose another name.`);
}

function isOfFormat(path: string, name: OutputFormat): boolean {
  try {
    return formatOfPath(path) === name;
  } catch {
    return false;
  }
}

/**
 * Returns the bytes of an image file.
 * @throws PixrnnError as `writeImage`
 */
export async function encodeImage(
  raster: Raster,
  metadata: readonly Uint8Array[],
  as: FileFormat,
): Promise<Uint8Array> {
  return as === 'raw' ? hashedBytes(raster.samples) : writeImage(raster, metadata, as);
}

/** Returns what a file of this format does not preserve, each remark without a full stop. */
export async function encodingRemarks(
  raster: Raster,
  metadata: readonly Uint8Array[],
  as: FileFormat,
): Promise<string[]> {
  if (as !== 'raw') return writingRemarks(raster, metadata, as);
  const size = raster.depth === 16 ? '2 bytes per sample, big-endian' : '1 byte per sample';
  return [`samples only, ${size}`];
}

/**
 * Rejects .pbm, .pgm, .ppm and .pam if the image needs another of these formats.
 * @throws PixrnnError 'usage'
 */
export async function checkPnmName(output: string, shape: RasterShape, metadata: readonly Uint8Array[]): Promise<void> {
  const [extension] = /\.p[bgpa]m$/i.exec(output) ?? [];
  if (extension === undefined || isNullDevice(output)) return;
  const { kind, channels, depth } = await pnmKind(shape, metadata);
  if (extension.toLowerCase() === `.${kind}`) return;
  const image = depth === 1 ? '1-bit gray' : channelsName(channels);
  const what = `${shellWord(output)}: the image is ${image} and needs the format ${kind.toUpperCase()}`;
  throw new PixrnnError('usage', `${what}. Use the extension .${kind}, or .pnm.`);
}
