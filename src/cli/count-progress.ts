import { formatCount, formatDuration } from './messages.js';
import { startSingleBar } from './single-bar.js';
import { standard } from './streams.js';
import { supportsProgress } from './terminal.js';

export interface CountProgress {
  /** In images. */
  update: (done: number, total: number) => void;
  stop: () => void;
}

/** Seconds between two lines if the output is not a terminal. */
const LINE_SECONDS = 30;

/** Shows a progress bar over images on a terminal, otherwise prints a line every 30 seconds; both on standard error. */
export function startCount(what: string, quiet: boolean): CountProgress {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  return supportsProgress(standard.stderr) ? countBar(what) : countLines(what);
}

function countBar(what: string): CountProgress {
  const { bar, stop } = startSingleBar(`${what} [{bar}] {value}/{total} images  ETA {eta_formatted}`, 100);
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
      standard.stderr.write(`${what}: ${formatCount(done)} of ${formatCount(total)} images, ${left} left\n`);
    },
    stop: () => undefined,
  };
}
