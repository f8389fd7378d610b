import type { Channels } from '../samples.js';
import { channelsName } from './raster.js';
import { unsupported } from './refusals.js';
import type { ReaderOptions } from './source.js';

/** An image that a decoder would make. */
export interface DecodedSize {
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  readonly depth: 8 | 16;
}

/**
 * Refuses a file whose own compression loses detail, unless that is allowed: without loss its samples take more than
 * the file does.
 * @throws PixrnnError 'input-unsupported' with both sizes
 */
export function checkLossy(input: Uint8Array, format: string, size: DecodedSize, options: ReaderOptions): void {
  if (options.allowLossySource) return;
  const { width, height, channels, depth } = size;
  const count = (n: number): string => n.toLocaleString('en-US');
  const bytes = (width * height * channels * depth) / 8;
  const article = /^[AI]/.test(format) ? 'an' : 'a';
  throw unsupported(
    `it is ${article} ${format} file, which is compressed with loss: ${count(input.length)} bytes that decode to ` +
      `${count(bytes)} bytes of samples (${width} x ${height} ${channelsName(channels)}), and these take more than ` +
      'the file when nothing of them may be lost',
    'Keep the file as it is, or compress what a decoder makes of it with allowLossySource.',
    'allowLossySource',
  );
}

/** What a decoded lossy file says of itself. */
export function lossyWarning(format: string): string {
  return `what is kept is what a decoder made of the ${format} file, not the file`;
}
