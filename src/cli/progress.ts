import { SingleBar } from 'cli-progress';
import { displayName } from './messages.js';

export interface Progress {
  /** In pixels. */
  update: (done: number, total: number) => void;
  stop: () => void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/**
 * A bar with speed and remaining time on standard error, where that is a terminal. `phases` names what is done to every
 * pixel of the image, one after the other.
 */
export function startProgress(file: string, quiet: boolean, phases: readonly string[]): Progress {
  if (quiet || !process.stderr.isTTY) return SILENT;
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{name} [{bar}] {percentage} %  {phase} {speed} MP/s  ETA {eta_formatted}',
    barsize: 24,
    clearOnComplete: true,
    etaBuffer: 30,
    gracefulExit: false,
  });
  const meter = phaseMeter(phases);
  bar.start(1, 0, { name: displayName(file), phase: phases[0], speed: '0.00' });
  // The bar switches the terminal's line wrapping off; an interrupt too must switch it on again.
  const stop = (): void => {
    process.off('exit', stop);
    bar.stop();
  };
  process.on('exit', stop);
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
