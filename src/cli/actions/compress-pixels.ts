import { existingPrnn } from '../../batch/done.js';
import { prnnDifference } from '../../batch/read-back.js';
import { type Compressed, type CompressOptions, compressRaster } from '../../codec/compress.js';
import { expectedSeconds } from '../../codec/expected-time.js';
import { sourceFile } from '../../codec/source-file.js';
import { channelsName } from '../../image/raster.js';
import { type ReadImage, readImage } from '../../image/read-image.js';
import type { Model } from '../../model/model.js';
import { describeOrigin, describeRepresentations } from '../../report/representations.js';
import type { CompressedFile, Compression } from '../compression.js';
import { requireNothingLeftOut } from '../delete-source.js';
import { type Input, STANDARD_STREAM } from '../input.js';
import { formatBitsPerDim, formatBytes, formatCount, formatNumber, formatPercent } from '../messages.js';
import { effortOf, readOptionsOf } from '../options.js';
import { unusedModelRemark } from '../used-model.js';
import { type CompressArguments, exactnessOf } from './compress-arguments.js';

/** Pixels from which the expected time of a single image is measured. */
const LARGE = 4_000_000;

/** Returns the options of `compressRaster` that the arguments ask for. */
export function pixelsOptions(args: CompressArguments, model: Model | undefined): CompressOptions {
  const { 'no-verify': noVerify, 'no-origin': noOrigin, preview, parity } = args;
  const exactness = exactnessOf(args);
  return { model, effort: effortOf(args), verify: !noVerify, origin: !noOrigin, exactness, preview, parity };
}

/** Reads an image whose samples are coded. */
export async function pixelsCompression(
  path: string,
  { bytes }: Input,
  args: CompressArguments,
  options: CompressOptions,
): Promise<Compression> {
  const read = await readImage(bytes, readOptionsOf(args));
  const { raster, metadata } = read;
  if (args['delete-source'] && args.pixels) requireNothingLeftOut(read.source.warnings);
  const source = sourceFile(path === STANDARD_STREAM ? null : path, bytes, read, readOptionsOf(args));
  const coding: CompressOptions = { ...options, metadata, source };
  return {
    format: read.source.format,
    existing: (output) => existingPrnn(output, read, { source: bytes, exactness: exactnessOf(args) }),
    estimate: async (pool) => {
      const pixels = raster.width * raster.height;
      if (pixels < LARGE) return null;
      return { megapixels: pixels / 1e6, seconds: await expectedSeconds(raster, { ...coding, pool }) };
    },
    code: async (context) => compressedFile(args, read, await compressRaster(raster, { ...coding, ...context })),
    differenceOf: (output, pool) => prnnDifference(output, read, bytes, { ...options, pool }),
  };
}

function compressedFile(args: CompressArguments, read: ReadImage, compressed: Compressed): CompressedFile {
  const { width, height, channels, depth, indexed } = read.raster;
  const { bytes, restores, modelName, modelUsed, effort, tiles, representations, origin } = compressed;
  const bitsPerDim = (8 * bytes.length) / (width * height * channels);
  const json = {
    ...{ width, height, channels, depth, indexed },
    model: { id: compressed.modelId, name: modelName, used: modelUsed },
    ...{ effort, tiles, representations, origin, bitsPerDim },
    codedBytes: compressed.codedBytes,
    metadataBytes: compressed.metadataBytes,
    recipeBytes: compressed.recipeBytes,
    previewBytes: compressed.previewBytes,
    parityBytes: compressed.parityBytes,
    overheadBytes: compressed.overheadBytes,
    sourceDigest: compressed.sourceDigest,
    exactBytes: compressed.exactBytes,
    warnings: warningsOf(compressed, read),
  };
  const details = [
    ['image', `${width} x ${height} ${channelsName(channels, indexed)}, ${formatNumber(depth, 'bit')} per sample`],
    ['stored', `${formatNumber(tiles, 'tile')}: ${describeRepresentations(representations)}`],
    ...(origin === null ? [] : [['origin', describeOrigin(origin)] as const]),
    ['model', `${modelName}, effort ${effort}${modelUsed ? '' : ' (not used)'}`],
    ['bytes', byteText(compressed)],
    ['restores', restoredText(compressed)],
  ] as const;
  const unused =
    args.model === undefined || modelUsed
      ? []
      : [unusedModelRemark(args.model, 'it makes no part of the image smaller')];
  const remarks = [...remarksOf(compressed, read), ...unused];
  return { bytes, restores, rate: formatBitsPerDim(bitsPerDim), remarks, json, details };
}

function byteText(compressed: Compressed): string {
  const { codedBytes, metadataBytes, recipeBytes, previewBytes, parityBytes, overheadBytes } = compressed;
  const [coded, metadata, recipe, overhead] = [codedBytes, metadataBytes, recipeBytes, overheadBytes].map(formatCount);
  const preview = previewBytes === 0 ? '' : `${formatCount(previewBytes)} preview, `;
  const parity = parityBytes === 0 ? '' : `, ${formatCount(parityBytes)} parity`;
  return `${coded} samples, ${metadata} metadata, ${recipe} recipe, ${preview}${overhead} container${parity}`;
}

function restoredText({ restores, sourceDigest }: Compressed): string {
  return restores === 'file' ? `the file itself (SHA-256 ${sourceDigest})` : 'samples and metadata, in a new file';
}

/** Returns what is lost of the source: nothing if the result restores it. */
function warningsOf({ restores }: Compressed, { source }: ReadImage): readonly string[] {
  return restores === 'file' ? [] : source.warnings;
}

function remarksOf(compressed: Compressed, read: ReadImage): string[] {
  const { restores, representations } = compressed;
  const { model, palette, raw, stored } = representations;
  const cost = costText(compressed);
  return [
    ...warningsOf(compressed, read),
    ...(stored > 0 ? ['stored as it is, which is smallest'] : []),
    ...(stored === 0 && restores === 'file' ? ['restores the file byte for byte'] : []),
    ...(cost === null ? [] : [cost]),
    ...(raw > 0 ? [`${model + palette > 0 ? 'partly ' : ''}stored raw, which is smallest`] : []),
  ];
}

/** "restoring the file itself would need 1,234 bytes more (4.5 %): --exact"; null if it is restored or cannot be. */
function costText({ bytes, exactBytes }: Compressed): string | null {
  if (exactBytes === null) return null;
  const more = exactBytes - bytes.length;
  return `restoring the file itself would need ${formatBytes(more)} more (${formatPercent(more, bytes.length)}): --exact`;
}
