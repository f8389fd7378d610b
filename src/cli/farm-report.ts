import type { FailedFiles } from '../farm/failed-files.js';
import type { RunProgress } from '../farm/follow.js';
import { failureError } from '../farm/queue/failures.js';
import { type Run, runId } from '../farm/run.js';
import type { Survey } from '../farm/survey.js';
import { printJson } from './batch.js';
import { errorLine, formatBytes, formatDuration, formatNumber, formatPercent } from './messages.js';
import { standard } from './streams.js';
import { supportsProgress } from './terminal.js';

interface ReportOptions {
  readonly quiet: boolean;
  readonly json: boolean;
}

const PAST: Readonly<Record<Run['command'], string>> = {
  compress: 'compressed',
  decompress: 'decompressed',
  verify: 'verified',
};

/** Milliseconds between lines, where no terminal shows the progress. */
const LINE_INTERVAL = 30_000;

/** Reports on a run that workers do. */
export class FarmReport {
  private readonly isTerminal = supportsProgress(standard.stderr);
  private lastLine = performance.now();
  private readonly id: string;

  constructor(
    private readonly run: Run,
    private readonly options: ReportOptions,
  ) {
    this.id = runId(run);
  }

  submitting(files: number): void {
    if (this.isTerminal) this.status(`${formatNumber(files, 'file')} listed`);
  }

  submitted({ files, bytes, added, done }: Survey): void {
    if (this.options.json) printJson({ event: 'submitted', run: this.id, files, bytes, added, done });
    else
      this.line(
        `run ${this.id}: ${formatNumber(files, 'file')}, ${formatBytes(bytes)}; ${added} queued, ${done} done\n`,
      );
  }

  progress(progress: RunProgress): void {
    if (performance.now() - this.lastLine < LINE_INTERVAL && !this.isTerminal) return;
    this.lastLine = performance.now();
    if (this.options.json) printJson({ event: 'progress', run: this.id, ...progress });
    else if (this.isTerminal) this.status(progressText(progress));
    else this.line(`${progressText(progress)}\n`);
  }

  finished(progress: RunProgress, { first, total, causes }: FailedFiles): void {
    if (this.isTerminal) this.status('');
    for (const { name, failure } of first) {
      const error = failureError(failure);
      standard.stderr.write(errorLine(error, name));
      if (this.options.json) printJson({ event: 'error', file: name, error: failure });
    }
    if (total > first.length) {
      standard.stderr.write(
        `${formatNumber(total - first.length, 'more failure')}: "pixrnn queue failed" lists them.\n`,
      );
    }
    if (this.options.json) return printJson({ event: 'summary', run: this.id, ...progress, causes });
    const byCause = Object.entries(causes).map(([code, count]) => `${count} ${code}`);
    const failed = total === 0 ? '' : `, ${total} failed (${byCause.join(', ')})`;
    this.line(
      `${formatNumber(progress.files, 'file')}: ${progress.done} ${PAST[this.run.command]}${failed}${sizeText(progress)}\n`,
    );
  }

  /** Says how to return to the run. */
  left(): void {
    if (this.isTerminal) this.status('');
    this.line(`The run goes on. Follow it with "pixrnn ${this.run.command} --follow ${this.id}".\n`);
  }

  private line(text: string): void {
    if (!this.options.quiet) standard.stderr.write(text);
  }

  /** Replaces the last line of the terminal. */
  private status(text: string): void {
    if (!this.options.quiet && !this.options.json) standard.stderr.write(`\r\x1b[K${text}`);
  }
}

function progressText(progress: RunProgress): string {
  const { files, done, failed, bytes, doneBytes, megapixels, seconds, secondsLeft } = progress;
  const parts = [
    `${done} of ${formatNumber(files, 'file')}`,
    `${formatPercent(doneBytes, Math.max(1, bytes))} of the bytes`,
    `${megapixels.toFixed(1)} MP at ${(megapixels / Math.max(1, seconds)).toFixed(2)} MP/s`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(secondsLeft === null ? [] : [`ETA ${formatDuration(secondsLeft)}`]),
  ];
  return parts.join(', ');
}

function sizeText({ codedBytes, resultBytes, megapixels, seconds }: RunProgress): string {
  if (codedBytes === 0) return '';
  const size = `${formatBytes(codedBytes)} -> ${formatBytes(resultBytes)}`;
  return `; ${size}, ${megapixels.toFixed(1)} MP in ${formatDuration(seconds)}`;
}
