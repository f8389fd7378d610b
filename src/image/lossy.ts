import type { Channels } from '../samples.js';
import { channelsName } from './raster.js';
import { unsupported } from './refusals.js';
import type { ReaderOptions } from './source.js';

/** Size and format of a decoded image. */
export interface DecodedSize {
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  readonly depth: 8 | 16;
}

/**
 * Rejects a file in a lossy format unless the option allows it: the lossless output would be larger than the file.
 * @throws PixrnnError 'input-unsupported' with both sizes
 */
export function checkLossy(input: Uint8Array, format: string, size: DecodedSize, options: ReaderOptions): void {
  if (options.allowLossySource) return;
  const { width, height, channels, depth } = size;
  const count = (n: number): string => n.toLocaleString('en-US');
  const bytes = (width * height * channels * depth) / 8;
  const article = /^[AI]/.test(format) ? 'an' : 'a';
  throw unsupported(
    `it is ${article} ${format} file, which is compressed with loss: ${count(input.length)} bytes decode to ` +
      `${count(bytes)} bytes of samples (${width} x ${height} ${channelsName(channels)}), ` +
      'so the lossless output would be larger than the input',
    'Keep the file as it is, or compress its decoded samples with allowLossySource.',
    'allowLossySource',
  );
}

/** Returns the warning for a decoded lossy file. */
export function lossyWarning(format: string): string {
  return `the decoded samples of the ${format} file are kept, not the file itself`;
}
