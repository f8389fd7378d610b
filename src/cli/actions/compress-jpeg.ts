import { existingRestoring } from '../../batch/done.js';
import { restoredDifference } from '../../batch/read-back.js';
import { type CompressedJpeg, compressJpeg, type CompressJpegOptions } from '../../codec/compress-jpeg.js';
import { sourceExtension } from '../../codec/source-name.js';
import type { CompressedFile, Compression } from '../compression.js';
import { type Input, STANDARD_STREAM } from '../input.js';
import { formatBytes } from '../messages.js';
import { effortOf } from '../options.js';
import type { CompressArguments } from './compress-arguments.js';

/** A JPEG file whose coefficients are coded. */
export function jpegCompression(path: string, { bytes }: Input, args: CompressArguments): Compression {
  const extension = sourceExtension(path === STANDARD_STREAM ? null : path, bytes) ?? '.jpg';
  const options: CompressJpegOptions = {
    effort: effortOf(args),
    verify: !args['no-verify'],
    maxPixels: args['max-pixels'],
  };
  return {
    format: 'JPEG',
    existing: (output) => existingRestoring(output, bytes),
    expectedSeconds: () => Promise.resolve(null),
    code: async (context) => compressedFile(await compressJpeg({ bytes, extension }, { ...options, ...context })),
    differenceOf: (output, pool) => restoredDifference(output, bytes, pool),
  };
}

function compressedFile(compressed: CompressedJpeg): CompressedFile {
  const { bytes, width, height, shape, effort, sourceDigest, storedBecause, coefficientBytes, recordBytes } =
    compressed;
  const json = { width, height, effort, coefficientBytes, recordBytes, sourceDigest, storedBecause };
  const details = [
    ['image', `${width} x ${height}${shape === null ? '' : `, ${shape.components.length} components`}`],
    ['stored', storedBecause === null ? storedText(compressed) : 'as it is'],
    ['effort', String(effort)],
    ['restores', `the file itself (SHA-256 ${sourceDigest})`],
  ] as const;
  const remarks = [storedBecause === null ? 'restores the file byte for byte' : `stored as it is: ${storedBecause}`];
  return { bytes, restores: 'file', rate: `${width} x ${height}`, remarks, json, details };
}

function storedText({ coefficientBytes, recordBytes }: CompressedJpeg): string {
  return `${formatBytes(coefficientBytes)} of coefficients, ${formatBytes(recordBytes)} of everything else`;
}
