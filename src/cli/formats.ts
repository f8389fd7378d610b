import { PixrnnError } from '../errors.js';
import { formatOfPath, type OutputFormat } from '../image/formats.js';
import { channelsName, type Raster, type RasterShape } from '../image/raster.js';
import { pnmKind, writeImage, writingRemarks } from '../node/image/write-image.js';
import { hashedBytes } from '../samples.js';
import type { Option } from './command.js';
import { STANDARD_STREAM } from './input.js';
import { escapeControls } from './messages.js';
import { isNullDevice } from './null-device.js';

/* What `decompress` writes. */

const FORMATS = ['png', 'tiff', 'webp', 'pnm', 'raw'] as const satisfies readonly (OutputFormat | 'raw')[];
export type FileFormat = (typeof FORMATS)[number];

/** The extension of results whose names are not given. */
export const EXTENSIONS: Readonly<Record<FileFormat, string>> = {
  png: '.png',
  tiff: '.tif',
  webp: '.webp',
  pnm: '.pnm',
  raw: '.raw',
};

export const format = {
  group: 'Result',
  describe: 'Format of the output, also for directories and standard output',
  choices: FORMATS,
  type: 'string',
  requiresArg: true,
  defaultDescription: 'by the extension of --output, else png',
} as const satisfies Option;

/** What `decompress --help` says of them. */
export const FORMAT_NOTE =
  '--format raw writes the samples alone: row by row from the top, the channels of a pixel next to each other, one byte per sample up to ' +
  '8 bits and two bytes, the high one first, for 16. Palette images give their indices. `pixrnn info` shows size, channels and depth.';

/**
 * The format of --format, of the extension of --output, or PNG.
 * @throws PixrnnError 'usage' for an extension that is no format's, or another format's than --format
 */
export function formatToWrite({
  output,
  format: given,
}: {
  readonly output: string | undefined;
  readonly format: FileFormat | undefined;
}): FileFormat {
  if (output === undefined || output === STANDARD_STREAM || isNullDevice(output)) return given ?? 'png';
  if (given === undefined) return /\.raw$/i.test(output) ? 'raw' : formatOfPath(output);
  const named = FORMATS.find((name) => name !== 'raw' && isOfFormat(output, name));
  if (named === undefined || named === given) return given;
  const what = `--format ${given} and the extension of ${escapeControls(output)} name different formats`;
  throw new PixrnnError('usage', `${what}. Leave out --format, or choose another name.`);
}

function isOfFormat(path: string, name: OutputFormat): boolean {
  try {
    return formatOfPath(path) === name;
  } catch {
    return false;
  }
}

/** A file of an image in a format. Throws as `writeImage`. */
export async function encodeImage(
  raster: Raster,
  metadata: readonly Uint8Array[],
  as: FileFormat,
): Promise<Uint8Array> {
  return as === 'raw' ? hashedBytes(raster.samples) : writeImage(raster, metadata, as);
}

/** What is not the same in a file of this format, each as a sentence without full stop. */
export async function encodingRemarks(
  raster: Raster,
  metadata: readonly Uint8Array[],
  as: FileFormat,
): Promise<string[]> {
  if (as !== 'raw') return writingRemarks(raster, metadata, as);
  const size = raster.depth === 16 ? '2 bytes per sample, big endian' : '1 byte per sample';
  return [`samples alone, ${size}`];
}

/**
 * Rejects .pbm, .pgm, .ppm and .pam for an image that PNM stores as another of them.
 * @throws PixrnnError 'usage'
 */
export async function checkPnmName(output: string, shape: RasterShape, metadata: readonly Uint8Array[]): Promise<void> {
  const [extension] = /\.p[bgpa]m$/i.exec(output) ?? [];
  if (extension === undefined || isNullDevice(output)) return;
  const { kind, channels, depth } = await pnmKind(shape, metadata);
  if (extension.toLowerCase() === `.${kind}`) return;
  const image = depth === 1 ? '1-bit gray' : channelsName(channels);
  const what = `${escapeControls(output)}: the image is ${image}, which is a ${kind.toUpperCase()} file`;
  throw new PixrnnError('usage', `${what}. Use the extension .${kind}, or .pnm.`);
}
