import { type Options, SingleBar } from 'cli-progress';
import { standard } from './streams.js';

/** Starts a progress bar on standard error. */
export function startSingleBar(
  format: string,
  etaBuffer: number,
  payload: object = {},
): { readonly bar: SingleBar; readonly stop: () => void } {
  const options: Options = { format, etaBuffer, barsize: 24, clearOnComplete: true, gracefulExit: false };
  const bar = new SingleBar({ ...options, stream: standard.stderr });
  bar.start(1, 0, payload);
  // The bar turns off the terminal's line wrapping; an interrupt must turn it on again.
  const stop = (): void => {
    process.off('exit', stop);
    bar.stop();
  };
  process.on('exit', stop);
  return { bar, stop };
}
