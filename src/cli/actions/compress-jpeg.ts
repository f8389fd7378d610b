import { existingRestoring } from '../../batch/done.js';
import { restoredDifference } from '../../batch/read-back.js';
import { type CompressedJpeg, compressJpeg, type CompressJpegOptions } from '../../codec/compress-jpeg.js';
import { expectedJpegSeconds } from '../../codec/expected-jpeg-time.js';
import { jpegSource } from '../../codec/jpeg-source.js';
import { frameSize } from '../../jpeg/frame-size.js';
import type { CompressedFile, Compression } from '../compression.js';
import { type Input, STANDARD_STREAM } from '../input.js';
import { formatBytes } from '../messages.js';
import { effortOf } from '../options.js';
import { type CompressArguments, exactnessOf, phasesOf } from './compress-arguments.js';

/** Bytes from which the expected time of a single JPEG file is measured. */
const LARGE = 500_000;

/** A JPEG file whose coefficients are coded. */
export function jpegCompression(path: string, input: Input, args: CompressArguments): Compression {
  const name = path === STANDARD_STREAM ? null : path;
  const reading = { stripMetadata: args['strip-metadata'], exactness: exactnessOf(args) };
  const source = jpegSource(name, input.bytes, reading);
  const options: CompressJpegOptions = {
    effort: effortOf(args),
    verify: !args['no-verify'],
    preview: args.preview,
    parity: args.parity,
    maxPixels: args['max-pixels'],
  };
  return {
    format: 'JPEG',
    existing: (output) => existingRestoring(output, source.bytes),
    estimate: async (pool) => {
      if (source.bytes.length < LARGE) return null;
      const perPass = await expectedJpegSeconds(source.bytes, {
        effort: effortOf(args),
        pool,
        maxPixels: args['max-pixels'],
      });
      const size = frameSize(source.bytes);
      if (perPass === null || size === null) return null;
      return { megapixels: (size.width * size.height) / 1e6, seconds: perPass * phasesOf(args).length };
    },
    code: async (context) =>
      compressedFile(await compressJpeg(source, { ...options, ...context }), source.warnings, args.preview),
    differenceOf: (output, pool) => restoredDifference(output, source.bytes, pool),
  };
}

function compressedFile(
  compressed: CompressedJpeg,
  warnings: readonly string[],
  wantsPreview: boolean,
): CompressedFile {
  const { bytes, width, height, shape, effort, sourceDigest, storedBecause } = compressed;
  const { coefficientBytes, recordBytes, previewBytes, parityBytes } = compressed;
  const isExact = warnings.length === 0;
  const json = {
    width,
    height,
    effort,
    coefficientBytes,
    recordBytes,
    previewBytes,
    parityBytes,
    sourceDigest,
    storedBecause,
    warnings,
  };
  const details = [
    ['image', `${width} x ${height}${shape === null ? '' : `, ${shape.components.length} components`}`],
    ['stored', storedBecause === null ? storedText(compressed) : 'as it is'],
    ['effort', String(effort)],
    ['restores', `${isExact ? 'the file itself' : 'the file without its metadata'} (SHA-256 ${sourceDigest})`],
  ] as const;
  const remarks = [
    ...(storedBecause === null ? [] : [`stored as it is: ${storedBecause}`]),
    ...(storedBecause === null && isExact ? ['restores the file byte for byte'] : warnings),
    ...(wantsPreview && previewBytes === 0 ? ['without a preview: the image cannot be shown'] : []),
  ];
  return { bytes, restores: 'file', rate: `${width} x ${height}`, remarks, json, details };
}

function storedText({ coefficientBytes, recordBytes }: CompressedJpeg): string {
  return `${formatBytes(coefficientBytes)} of coefficients, ${formatBytes(recordBytes)} of everything else`;
}
