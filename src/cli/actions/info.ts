import { escapeControls } from '../../node/path-text.js';
import { PRNN_EXTENSION } from '../../batch/output-names.js';
import { type CodingOptions, withPool } from '../../codec/coding-options.js';
import { decompressToRaster } from '../../codec/decompress.js';
import { type FileInfo, inspectFile } from '../../codec/inspect.js';
import { measureRaster } from '../../codec/measure.js';
import { modelsToDecode } from '../../codec/models.js';
import { damageText } from '../../codec/parity-damage.js';
import type { ChunkNote } from '../../image/chunk-notes.js';
import { channelsName } from '../../image/raster.js';
import type { Model } from '../../model/model.js';
import { describeOrigin, describeRepresentations } from '../../report/representations.js';
import { formatTable } from '../../report/table.js';
import { forEachFile, printJson } from '../batch.js';
import { readInput } from '../input.js';
import { displayName, formatBitsPerDim, formatBytes, formatCount, formatDuration, formatNumber } from '../messages.js';
import { modelOf } from '../model-argument.js';
import { filesToRead } from '../named-files.js';
import { type CodingArguments, type DecodingArguments, decodingLimits } from '../options.js';
import { startProgress } from '../progress.js';
import { standard } from '../streams.js';
import { isUsed, unusedModelRemark } from '../used-model.js';

interface InfoArguments extends CodingArguments, DecodingArguments {
  files: string[];
  recursive: boolean;
  bits: boolean;
}

/** `pixrnn info`. */
export async function showInfo(args: InfoArguments): Promise<void> {
  const model = args.bits ? await modelOf(args) : undefined;
  if (args.model !== undefined && !args.bits && !args.quiet) {
    standard.stderr.write(`pixrnn: ${unusedModelRemark(args.model, 'nothing is decoded without --bits')}.\n`);
  }
  await forEachFile(filesToRead(args.files, args.recursive, PRNN_EXTENSION), args.json, async (file) => {
    const { bytes } = await readInput(file);
    const info = { file, ...(await inspectFile(bytes, { maxPixels: args['max-pixels'] })) };
    const bits = args.bits && info.colourType !== 'JPEG' ? await measureBits(file, bytes, args, model) : null;
    const modelUsed = bits?.modelUsed ?? false;
    if (bits && model && !modelUsed && !args.quiet) {
      const remark = unusedModelRemark(args.model ?? model.name, `the file names ${info.models.join(' and ')}`);
      standard.stderr.write(`pixrnn: ${displayName(file)}: ${remark}.\n`);
    }
    const used = args.model === undefined ? {} : { modelUsed };
    const shown = bits && { bits: { perChannel: bits.perChannel, perDim: bits.perDim } };
    if (args.json) printJson({ ...info, ...used, ...shown });
    else standard.stdout.write(describe(info, bits));
  });
}

/** The information about a file that `info` prints. */
type Info = FileInfo & { readonly file: string };

/** Code lengths of a file's samples under its models at its effort. */
interface Bits {
  /** Bits per pixel of each channel, alpha last. */
  readonly perChannel: number[];
  readonly perDim: number;
  /** Whether the given model decoded the file, or was used to measure a file that needs no model. */
  readonly modelUsed: boolean;
}

/** Measures with the models that the file needs or, if it needs none, with the default models. */
async function measureBits(
  file: string,
  bytes: Uint8Array,
  args: InfoArguments,
  given: Model | undefined,
): Promise<Bits> {
  const extra = given ? [given] : [];
  const progress = startProgress(file, args.quiet, ['decoding and measuring']);
  const options: CodingOptions = { threads: args.threads, onProgress: progress.update };
  return withPool(options, async (pool) => {
    const decoding = { ...options, pool, models: extra, ...decodingLimits(args) };
    const { raster, container } = await decompressToRaster(bytes, decoding);
    const { rgb, gray } = await modelsToDecode(container.header, extra);
    const model = (raster.channels >= 3 ? rgb : gray) ?? given;
    const effort = container.header.effort;
    const lengths = await measureRaster(raster, { ...options, pool, model, effort });
    const pixels = raster.width * raster.height;
    const perChannel = lengths.map((length) => length / pixels);
    const perDim = perChannel.reduce((sum, bits) => sum + bits, 0) / raster.channels;
    const modelUsed = given !== undefined && (model === given || isUsed(container.header, given));
    return { perChannel, perDim, modelUsed };
  }).finally(progress.stop);
}

function describe(info: Info, bits: Bits | null): string {
  const rows = info.colourType === 'JPEG' ? jpegRows(info) : samplesRows(info, bits);
  const end = [
    ...parityRows(info),
    ...decodingRows(info),
    ['  version', String(info.version)],
    ['  gives back', describeRestored(info)],
  ];
  return `${displayName(info.file)}\n${formatTable([...rows, ...end], ['left', 'left'])}`;
}

/** The rows about a JPEG file whose coefficients are coded, or that is stored. */
function jpegRows(info: Info): string[][] {
  const { width, height, jpeg, effort, bytes, codedBytes, metadataBytes, overheadBytes } = info;
  const size = ['  size', formatBytes(bytes)];
  if (jpeg === null) return [['  image', `${width} x ${height} JPEG, stored as it is`], size, ...previewRows(info)];
  const { process, sampling, colours, precision, quality, make, model, nested } = jpeg;
  return [
    ['  image', `${width} x ${height} JPEG, ${process}, ${colours} ${sampling}, ${precision} bits per sample`],
    ['  quality', `${quality.exact ? '' : 'about '}${quality.quality} on the scale of ${quality.tables}`],
    ...(make === undefined && model === undefined ? [] : [['  camera', cameraText(make, model)]]),
    ['  effort', String(effort)],
    size,
    ['  coefficients', formatBytes(codedBytes)],
    ['  other data', `${formatBytes(metadataBytes)}: headers, metadata, bytes after the end`],
    ...(nested === 0 ? [] : [['  nested', formatNumber(nested, 'JPEG image')]]),
    ...previewRows(info),
    ['  overhead', formatBytes(overheadBytes)],
  ];
}

/** "26,120 bytes: 20 blocks for 391, each of 1,024 bytes" */
function parityRows({ parity }: Info): string[][] {
  if (parity === null) return [];
  const { bytes, parityBlocks, blocks, blockBytes } = parity;
  const size = `${formatBytes(bytes)}: ${formatNumber(parityBlocks, 'block')} for ${formatCount(blocks)}, each of ${formatBytes(blockBytes)}`;
  const damage = damageText(parity);
  return [
    ['  parity', size],
    ...(damage === null ? [] : [['  damaged', parity.isRestored ? `${damage}; restored in memory` : damage]]),
  ];
}

/** "about 2 min of CPU time". */
function decodingRows({ decodingSeconds }: Info): string[][] {
  if (decodingSeconds === null) return [['  decoding', 'unknown time: the model is not shipped']];
  if (decodingSeconds < 1) return [['  decoding', 'less than 1 s of CPU time']];
  return [['  decoding', `about ${formatDuration(decodingSeconds)} of CPU time`]];
}

/** "WebP of 256 x 171, 2,345 bytes" */
function previewRows({ preview }: Info): string[][] {
  if (preview === null) return [];
  const { picture, bytes } = preview;
  if (picture === null) return [['  preview', `damaged, ${formatBytes(bytes)}; the image does not depend on it`]];
  const name = picture.type === 'image/webp' ? 'WebP' : 'JPEG';
  return [['  preview', `${name} of ${picture.width} x ${picture.height}, ${formatBytes(bytes)}`]];
}

/** "Canon EOS 30D": many cameras repeat their make in the name of their model. */
function cameraText(make: string = '', model: string = ''): string {
  const text = model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`;
  return escapeControls(text.trim());
}

function samplesRows(info: Info, bits: Bits | null): string[][] {
  const { models, tiles, representations, scaleBytes, origin } = info;
  const kind = `${channelsName(info.channels, info.indexed)}, ${info.depth} ${info.depth === 1 ? 'bit' : 'bits'} per sample`;
  return [
    ['  image', `${info.width} x ${info.height} ${kind}`],
    ...(origin === null ? [] : [['  origin', describeOrigin(origin)]]),
    ['  model', models.length === 0 ? 'none' : models.join(', ')],
    ...(info.effort === null ? [] : [['  effort', String(info.effort)]]),
    ['  tiles', `${tiles}; stored: ${describeRepresentations(representations)}`],
    ...(scaleBytes.length === 0 ? [] : [['  scales', describeScales(scaleBytes)]]),
    ['  size', `${formatBytes(info.bytes)}, ${formatBitsPerDim(info.bitsPerDim)}`],
    ['  coded', formatBytes(info.codedBytes)],
    ['  metadata', info.metadataBytes === 0 ? 'none' : formatBytes(info.metadataBytes)],
    ...info.chunks.map((chunk) => ['', describeChunk(chunk)]),
    ...previewRows(info),
    ['  overhead', formatBytes(info.overheadBytes)],
    ...(bits === null ? [] : [['  bits', describeBits(info, bits)]]),
    ...(info.recipeBytes === 0 ? [] : [['  recipe', formatBytes(info.recipeBytes)]]),
  ];
}

/** "the file itself, .png (SHA-256 0123...)" */
function describeRestored({ restores, extension, sourceDigest }: Info): string {
  if (restores === 'file') return `the file itself, ${extension} (SHA-256 ${sourceDigest})`;
  return 'samples and metadata, in a new file: the bytes of the source are not restored';
}

/** "3, smallest first: 120 bytes; 412 bytes; 1,630 bytes" */
function describeScales(bytes: readonly number[]): string {
  return `${bytes.length}, smallest first: ${bytes.map(formatBytes).join('; ')}`;
}

/** "tEXt 25 bytes, Author: somebody" */
function describeChunk({ type, bytes, keyword, text }: ChunkNote): string {
  const words = text === undefined ? '' : `, ${escapeControls(`${keyword ?? ''}: ${text}`)}`;
  return `${type} ${formatBytes(bytes)}${words}`;
}

/** "R 3.456, G 4.567, B 3.210 per pixel under the model; 3.744 bits/dim" */
function describeBits({ channels }: Info, { perChannel, perDim }: Bits): string {
  const names = [...(channels >= 3 ? ['R', 'G', 'B'] : ['gray']), 'A'];
  const each = perChannel.map((bits, channel) => `${names[channel]} ${bits.toFixed(3)}`).join(', ');
  return `${each} per pixel under the model; ${perDim.toFixed(3)} bits/dim`;
}
