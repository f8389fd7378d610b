import { displayName } from './messages.js';
import { startSingleBar } from './single-bar.js';
import { standard } from './streams.js';
import { supportsProgress } from './terminal.js';

export interface Progress {
  /** In pixels. */
  update: (done: number, total: number) => void;
  stop: () => void;
}

const FORMAT = '{name} [{bar}] {percentage} %  {phase} {speed} MP/s  ETA {eta_formatted}';
const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/**
 * Shows a progress bar with speed and remaining time on standard error, if that is a terminal. `phases` are the names of the passes over the
 * image, in order.
 */
export function startProgress(file: string, quiet: boolean, phases: readonly string[]): Progress {
  if (quiet || !supportsProgress(standard.stderr)) return SILENT;
  const meter = phaseMeter(phases);
  const { bar, stop } = startSingleBar(FORMAT, 30, { name: displayName(file), phase: phases[0], speed: '0.00' });
  return {
    update(done, total) {
      const { phase, speed } = meter(done, total);
      bar.setTotal(total);
      bar.update(done, { phase, speed: speed.toFixed(2) });
    },
    stop,
  };
}

/**
 * Returns a function that maps progress in pixels (each pixel counts once per phase) to the current phase and its speed so far in megapixels
 * per second. `now` is a clock in milliseconds.
 */
export function phaseMeter(
  phases: readonly string[],
  now: () => number = () => performance.now(),
): (done: number, total: number) => { phase: string; speed: number } {
  let current = 0;
  let began = now();
  let last = began;
  return (done, total) => {
    const pixels = total / phases.length;
    const index = Math.max(0, Math.ceil(done / pixels) - 1);
    if (index !== current) began = last;
    current = index;
    last = now();
    const seconds = (last - began) / 1000;
    return { phase: phases[index] ?? '', speed: seconds > 0 ? (done - index * pixels) / 1e6 / seconds : 0 };
  };
}
