import { SingleBar } from 'cli-progress';
import { displayName } from './messages.js';

export interface Progress {
  /** In pixels. */
  update: (done: number, total: number) => void;
  stop: () => void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** A bar with speed and remaining time on standard error, where that is a terminal. */
export function startProgress(file: string, quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return SILENT;
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{name} [{bar}] {percentage} %  {speed} MP/s  ETA {eta_formatted}',
    barsize: 24,
    clearOnComplete: true,
    etaBuffer: 30,
    gracefulExit: false,
  });
  const began = performance.now();
  bar.start(1, 0, { name: displayName(file), speed: '0.00' });
  // The bar switches the terminal's line wrapping off; an interrupt too must switch it on again.
  const stop = (): void => {
    process.off('exit', stop);
    bar.stop();
  };
  process.on('exit', stop);
  return {
    update(done, total) {
      const seconds = (performance.now() - began) / 1000;
      bar.setTotal(total);
      bar.update(done, { speed: (done / 1e6 / seconds).toFixed(2) });
    },
    stop,
  };
}
