import { SingleBar } from 'cli-progress';
import { formatCount, formatDuration } from './messages.js';

export interface CountProgress {
  /** Images done, and how many there are. */
  update: (done: number, total: number) => void;
  stop: () => void;
}

/** Where nobody looks at a bar: seconds between two lines. */
const LINE_SECONDS = 30;

/** A bar over images on a terminal, else a line now and then; both on standard error. */
export function startCount(what: string, quiet: boolean): CountProgress {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  return process.stderr.isTTY ? countBar(what) : countLines(what);
}

function countBar(what: string): CountProgress {
  const bar = new SingleBar({
    stream: process.stderr,
    format: `${what} [{bar}] {value}/{total} images  ETA {eta_formatted}`,
    barsize: 24,
    clearOnComplete: true,
    etaBuffer: 100,
    gracefulExit: false,
  });
  // The bar switches the terminal's line wrapping off; an interrupt too must switch it on again.
  const stop = (): void => {
    process.off('exit', stop);
    bar.stop();
  };
  process.on('exit', stop);
  bar.start(1, 0);
  return {
    update(done, total) {
      bar.setTotal(total);
      bar.update(done);
    },
    stop,
  };
}

function countLines(what: string): CountProgress {
  const began = performance.now();
  let last = began;
  return {
    update(done, total) {
      const now = performance.now();
      if (now - last < 1000 * LINE_SECONDS) return;
      last = now;
      const left = formatDuration((((now - began) / done) * (total - done)) / 1000);
      process.stderr.write(`${what}: ${formatCount(done)} of ${formatCount(total)} images, ${left} left\n`);
    },
    stop: () => undefined,
  };
}
