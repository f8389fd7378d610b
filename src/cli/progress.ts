import { displayName } from './messages.js';
import { startSingleBar } from './single-bar.js';
import { standard } from './streams.js';
import { drawsBars } from './terminal.js';

export interface Progress {
  /** In pixels. */
  update: (done: number, total: number) => void;
  stop: () => void;
}

const FORMAT = '{name} [{bar}] {percentage} %  {phase} {speed} MP/s  ETA {eta_formatted}';
const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/**
 * A bar with speed and remaining time on standard error, where that is a terminal. `phases` names what is done to every
 * pixel of the image, one after the other.
 */
export function startProgress(file: string, quiet: boolean, phases: readonly string[]): Progress {
  if (quiet || !drawsBars(standard.stderr)) return SILENT;
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
 * Tells from pixels done, which count once for each phase, the phase and how fast it goes: megapixels of the image a second
 * since the phase began. `now` is a clock in milliseconds.
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
