import { MultiBar, type SingleBar } from 'cli-progress';
import { type MeterState, remainingSeconds } from '../batch/meter.js';
import { displayName, formatDuration, formatPercent } from './messages.js';
import { phaseMeter } from './progress.js';
import type { TerminalStream } from './streams.js';

/** The state of a whole run. */
export interface RunState extends MeterState {
  /** Total bytes of the processed sources and of their outputs. */
  readonly sourceBytes: number;
  readonly bytes: number;
}

export interface FileProgress {
  /** In pixels; each pixel counts once per phase. The first call starts the clock. */
  update: (done: number, total: number) => void;
  /** Sets the estimated seconds of all phases. */
  expect: (seconds: number) => void;
  stop: () => void;
}

/** The progress display of a run. */
export interface BatchProgress {
  /** Adds a progress bar for a file. */
  file(path: string, phases: readonly string[]): FileProgress;
  /** Prints a line above the progress bars. */
  line(text: string): void;
  stop(): void;
}

const FILE_FORMAT = '{name} [{bar}] {percentage} %  {phase} {speed} MP/s  ETA {left}';
const RUN_FORMAT = 'all [{bar}] {percentage} %  {mp} of {ofMp} MP  {speed} MP/s  {ratio}  ETA {left}';
const NAME_WIDTH = 32;

/** Returns a display without progress bars, which only prints lines. */
export function plainLines(terminal: TerminalStream): BatchProgress {
  return {
    file: () => ({ update: () => undefined, expect: () => undefined, stop: () => undefined }),
    line: (text) => void terminal.write(text),
    stop: () => undefined,
  };
}

/**
 * Draws a progress bar for each file in progress and, if `runState` is given, one for the whole run, which calls `runState` on every redraw.
 * @param terminal must be a terminal
 */
export function startBatchProgress(terminal: TerminalStream, runState: (() => RunState) | null): BatchProgress {
  const multiBar = new MultiBar({
    stream: terminal,
    format: FILE_FORMAT,
    barsize: 24,
    clearOnComplete: true,
    gracefulExit: false,
    emptyOnZero: true,
    forceRedraw: true, // otherwise a bar that moves up is not redrawn
    linewrap: true, // keeps the terminal's wrapping on for lines; the bar itself is truncated to the width
  });
  const total = runState && multiBar.create(1, 0, payloadOf(runState()), { format: RUN_FORMAT });
  if (total && runState) {
    multiBar.on('update-pre', () => {
      const state = runState();
      total.setTotal(Math.max(1, state.total));
      total.update(state.done, payloadOf(state));
    });
  }
  const stop = (): void => {
    process.off('exit', stop);
    if (!multiBar.isActive) return;
    multiBar.update(); // prints pending lines
    multiBar.stop();
  };
  process.on('exit', stop); // an interrupt must not leave half a bar on the screen
  return {
    file: (path, phases) => fileBar(multiBar, path, phases),
    line(text) {
      if (multiBar.isActive) multiBar.log(text.replace(/\n$/, '\x1b[K\n'));
      else terminal.write(text);
    },
    stop,
  };
}

function fileBar(multiBar: MultiBar, path: string, phases: readonly string[]): FileProgress {
  const payload = { name: shorten(displayName(path)), phase: phases[0] ?? '', speed: '0.00', left: '-' };
  const bar: SingleBar = multiBar.create(1, 0, payload);
  let meter: ReturnType<typeof phaseMeter> | null = null;
  let began = 0;
  let expected: number | null = null;
  return {
    update(done, total) {
      if (!meter) {
        meter = phaseMeter(phases);
        began = performance.now();
      }
      const { phase, speed } = meter(done, total);
      const seconds = remainingSeconds(done / total, (performance.now() - began) / 1000, expected);
      bar.setTotal(total);
      bar.update(done, { phase, speed: speed.toFixed(2), left: seconds === null ? '-' : formatDuration(seconds) });
    },
    expect(seconds) {
      expected = seconds;
    },
    stop() {
      bar.stop();
      multiBar.remove(bar);
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

/** Shortens a long name in the middle. */
function shorten(name: string): string {
  const letters = [...name];
  const half = NAME_WIDTH / 2;
  return letters.length <= NAME_WIDTH
    ? name
    : `${letters.slice(0, half - 1).join('')}…${letters.slice(-half).join('')}`;
}
