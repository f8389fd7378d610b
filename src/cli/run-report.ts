import type { WorkMeter } from '../batch/meter.js';
import { PixrnnError } from '../errors.js';
import { formatTable } from '../report/table.js';
import { type BatchProgress, plainLines, type RunState, startBatchProgress } from './batch-progress.js';
import { printJson } from './batch.js';
import { exitCodeOf } from './exit-codes.js';
import { errorLine, formatBytes, formatDuration, formatNumber, formatPercent, messageOf } from './messages.js';
import { standard, type TerminalStream } from './streams.js';
import { supportsProgress } from './terminal.js';

/** The result of a file. */
export interface FileResult {
  readonly status: 'done' | 'skipped';
  /** The message, without a line break. */
  readonly line: string;
  /** Fields of the event of --json. */
  readonly json: object;
  /** Names and values that --verbose prints. */
  readonly details?: readonly (readonly [name: string, value: string])[];
  /** Sizes of the source and of the output; 0 if there is none. */
  readonly sourceBytes: number;
  readonly bytes: number;
}

/** A file that should exist and does not: an original without an output file. */
export interface Missing {
  readonly path: string;
  readonly error: unknown;
}

/** How a run reports. */
export interface ReportOptions {
  readonly quiet: boolean;
  readonly json: boolean;
  readonly verbose?: boolean;
  /** "compressed". */
  readonly verb: string;
  /** Whether the run is a batch, which gets a summary. */
  readonly isMany: boolean;
  readonly files: number;
  readonly terminal?: TerminalStream | undefined;
}

/** Milliseconds between two `progress` events. */
const EVENT_INTERVAL = 5000;

/** Reports on a run: lines and progress bars on standard error, --json events on standard output. */
export class RunReport {
  readonly progress: BatchProgress;
  private readonly began = performance.now();
  private readonly counts = { done: 0, skipped: 0 };
  private readonly failures: { readonly index: number; readonly path: string; readonly error: unknown }[] = [];
  private missingFiles: readonly Missing[] = [];
  private sourceBytes = 0;
  private bytes = 0;
  private doneMegapixels = 0;
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly onExit = (): void => this.interrupted();

  constructor(
    private readonly options: ReportOptions,
    private readonly meter: WorkMeter<string>,
  ) {
    const { terminal = standard.stderr, quiet, isMany, json } = options;
    this.progress =
      supportsProgress(terminal) && !quiet
        ? startBatchProgress(terminal, isMany ? () => this.state() : null)
        : plainLines(terminal);
    if (!isMany) return;
    process.on('exit', this.onExit);
    if (json) this.timer = setInterval(() => this.progressEvent(), EVENT_INTERVAL).unref();
  }

  /** Prints a line that is not a result. */
  note(text: string): void {
    if (!this.options.quiet) this.progress.line(text);
  }

  result({ status, line, json, details, sourceBytes, bytes }: FileResult, pixels: number): void {
    this.counts[status]++;
    this.sourceBytes += sourceBytes;
    this.bytes += bytes;
    if (status === 'done') this.doneMegapixels += pixels / 1e6;
    if (this.options.json) printJson({ event: 'file', status, ...json });
    else if (!this.options.quiet) this.progress.line(`${line}\n`);
    if (details && this.options.verbose) this.progress.line(detailLines(details));
  }

  /** @param index of the file in the list */
  failure(index: number, path: string, error: unknown): void {
    this.failures.push({ index, path, error });
    this.printFailure(path, error);
  }

  /** Reports originals without an output file, which are not in the list of files. */
  missing(files: readonly Missing[]): void {
    this.missingFiles = files;
    for (const { path, error } of files) this.printFailure(path, error);
  }

  private printFailure(path: string, error: unknown): void {
    this.progress.line(errorLine(error, path));
    if (this.options.json) printJson({ event: 'error', file: path, error: describe(error) });
  }

  /** Ends the progress display and the report on interruption. */
  stop(): void {
    process.off('exit', this.onExit);
    clearInterval(this.timer);
    this.progress.stop();
  }

  /** Prints the summary and returns the exit code, that of the first file in the list that failed. */
  finish(): number {
    this.stop();
    const failures = this.failures.sort((a, b) => a.index - b.index);
    if (this.options.json) this.summaryEvent('summary');
    else if (this.options.isMany && !this.options.quiet) standard.stderr.write(this.summary());
    const first = failures[0] ?? this.missingFiles[0];
    return first ? exitCodeOf(first.error) : 0;
  }

  private state(): RunState {
    return { ...this.meter.state(), sourceBytes: this.sourceBytes, bytes: this.bytes };
  }

  private summary(): string {
    const { done, skipped } = this.counts;
    const { sourceBytes, bytes } = this;
    const failed = this.failures.length;
    const missing = this.missingFiles.length;
    const counts = [
      `${done} ${this.options.verb}`,
      `${skipped} skipped`,
      `${failed} failed`,
      `${formatNumber(missing, 'original')} without an output`,
    ];
    const size =
      bytes > 0 ? [`${formatBytes(bytes)} of ${formatBytes(sourceBytes)} (${formatPercent(bytes, sourceBytes)})`] : [];
    const time = `${this.doneMegapixels.toFixed(1)} megapixels in ${formatDuration(this.seconds())}`;
    const isShown = [true, skipped > 0, failed > 0, missing > 0];
    const text = [counts.filter((_, i) => isShown[i]).join(', '), ...size, time].join('; ');
    return `${formatNumber(this.options.files, 'file')}: ${text}\n`;
  }

  private summaryEvent(event: string): void {
    const { sourceBytes, bytes } = this;
    printJson({
      event,
      files: this.options.files,
      ...this.counts,
      failed: this.failures.length,
      failures: this.failures.map(({ path, error }) => ({ file: path, error: describe(error) })),
      withoutResult: this.missingFiles.length,
      megapixels: this.doneMegapixels,
      sourceBytes,
      bytes,
      seconds: this.seconds(),
    });
  }

  private progressEvent(): void {
    const { done, total, speed, secondsLeft } = this.meter.state();
    const [megapixels, totalMegapixels, megapixelsPerSecond] = [done / 1e6, total / 1e6, speed / 1e6];
    printJson({ event: 'progress', megapixels, totalMegapixels, megapixelsPerSecond, secondsLeft });
  }

  /** A signal ends the process during the run. */
  private interrupted(): void {
    this.progress.stop();
    const { done, skipped } = this.counts;
    const { files } = this.options;
    const count = `${done + skipped} of ${formatNumber(files, 'file')} ${files === 1 ? 'is' : 'are'} done`;
    if (this.options.json) this.summaryEvent('interrupted');
    else this.note(`pixrnn: interrupted: ${count}. Add --skip-existing to the command to resume.\n`);
  }

  private seconds(): number {
    return (performance.now() - this.began) / 1000;
  }
}

function describe(error: unknown): { code: string; message: string } {
  const code = error instanceof PixrnnError ? error.code : 'internal';
  return { code, message: messageOf(error) };
}

function detailLines(details: readonly (readonly [string, string])[]): string {
  return formatTable(
    details.map(([name, value]) => [`  ${name}`, value]),
    ['left', 'left'],
  );
}

/** "12 files, 9.4 megapixels". */
export function workText(files: number, pixels: number): string {
  return `${formatNumber(files, 'file')}, ${(pixels / 1e6).toFixed(1)} megapixels`;
}
