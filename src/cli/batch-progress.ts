import { MultiBar, type SingleBar } from 'cli-progress';
import type { MeterState } from '../batch/meter.js';
import { displayName, formatDuration, formatPercent } from './messages.js';
import { phaseMeter } from './progress.js';
import type { TerminalStream } from './streams.js';

/** What a whole run has come to. */
export interface RunState extends MeterState {
  /** Bytes of the sources that are done and of their results. */
  readonly sourceBytes: number;
  readonly bytes: number;
}

export interface FileProgress {
  /** In pixels, which count once for each phase. */
  update: (done: number, total: number) => void;
  stop: () => void;
}

/** BatchProgress of a run. */
export interface BatchProgress {
  /** A bar of its own for a file. */
  file(path: string, phases: readonly string[]): FileProgress;
  /** A line that stays, above the bars. */
  line(text: string): void;
  stop(): void;
}

const FILE_FORMAT = '{name} [{bar}] {percentage} %  {phase} {speed} MP/s  ETA {left}';
const RUN_FORMAT = 'all [{bar}] {percentage} %  {mp} of {ofMp} MP  {speed} MP/s  {ratio}  ETA {left}';
const NAME_WIDTH = 32;

/** No bars, and lines as they come. */
export function plainLines(terminal: TerminalStream): BatchProgress {
  return {
    file: () => ({ update: () => undefined, stop: () => undefined }),
    line: (text) => void terminal.write(text),
    stop: () => undefined,
  };
}

/**
 * A bar for each file at work and, where `runState` is given, one for the whole run, which is asked how far it is whenever it is drawn.
 * It must be a terminal.
 */
export function startBatchProgress(terminal: TerminalStream, runState: (() => RunState) | null): BatchProgress {
  const bars = new MultiBar({
    stream: terminal,
    format: FILE_FORMAT,
    barsize: 24,
    clearOnComplete: true,
    gracefulExit: false,
    emptyOnZero: true,
    forceRedraw: true, // a bar that moves up would not be drawn again otherwise
    linewrap: true, // bars are cut at the terminal's width, and its own wrapping stays on for the lines
  });
  const whole = runState && bars.create(1, 0, payloadOf(runState()), { format: RUN_FORMAT });
  if (whole && runState) {
    bars.on('update-pre', () => {
      const state = runState();
      whole.setTotal(Math.max(1, state.total));
      whole.update(state.done, payloadOf(state));
    });
  }
  const stop = (): void => {
    process.off('exit', stop);
    if (!bars.isActive) return;
    bars.update(); // lines that wait
    bars.stop();
  };
  process.on('exit', stop); // an interrupt, too, must not leave half a bar
  return {
    file: (path, phases) => fileBar(bars, path, phases),
    line(text) {
      if (bars.isActive) bars.log(text.replace(/\n$/, '\x1b[K\n'));
      else terminal.write(text);
    },
    stop,
  };
}

function fileBar(bars: MultiBar, path: string, phases: readonly string[]): FileProgress {
  const payload = { name: shorten(displayName(path)), phase: phases[0] ?? '', speed: '0.00', left: '-' };
  const bar: SingleBar = bars.create(1, 0, payload);
  const meter = phaseMeter(phases);
  const began = performance.now();
  return {
    update(done, total) {
      const { phase, speed } = meter(done, total);
      const seconds = ((performance.now() - began) / 1000) * (total / done - 1);
      bar.setTotal(total);
      bar.update(done, { phase, speed: speed.toFixed(2), left: done > 0 ? formatDuration(seconds) : '-' });
    },
    stop() {
      bar.stop();
      bars.remove(bar);
    },
  };
}

function payloadOf({ done, total, speed, secondsLeft, bytes, sourceBytes }: RunState): object {
  return {
    mp: megapixels(done),
    ofMp: megapixels(total),
    speed: (speed / 1e6).toFixed(2),
    ratio: sourceBytes > 0 ? formatPercent(bytes, sourceBytes) : '-',
    left: secondsLeft === null ? '-' : formatDuration(secondsLeft),
  };
}

function megapixels(pixels: number): string {
  return (pixels / 1e6).toFixed(1);
}

/** A name's end tells more than its middle. */
function shorten(name: string): string {
  const letters = [...name];
  const half = NAME_WIDTH / 2;
  return letters.length <= NAME_WIDTH
    ? name
    : `${letters.slice(0, half - 1).join('')}…${letters.slice(-half).join('')}`;
}
