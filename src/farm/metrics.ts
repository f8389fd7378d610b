import type { FileOutcome } from './jobs.js';
import type { RunCommand } from './run.js';

/** Counts what a worker does, in the text format of Prometheus. */
export class WorkerMetrics {
  stalled = 0;
  private active = 0;
  private readonly outcomes = new Map<string, number>();
  private readonly failures = new Map<string, number>();
  private readonly sums = { seconds: 0, pixels: 0, samples: 0, sourceBytes: 0, bytes: 0 };

  /** Counts a job as active until the returned function is called. */
  begin(): () => void {
    this.active++;
    return () => {
      this.active--;
    };
  }

  done(command: RunCommand | 'tile', outcome: FileOutcome): void {
    count(this.outcomes, `command="${command}",status="${outcome.status}"`);
    this.sums.seconds += outcome.seconds;
    if (outcome.status !== 'done') return;
    for (const name of ['pixels', 'samples', 'sourceBytes', 'bytes'] as const) this.sums[name] += outcome[name];
  }

  /** @param text as `failureText` returns it: a code, a colon and a message */
  failed(text: string): void {
    count(this.failures, `code="${text.split(':', 1)[0]}"`);
  }

  /** https://prometheus.io/docs/instrumenting/exposition_formats/ */
  text(): string {
    const { seconds, pixels, samples, sourceBytes, bytes } = this.sums;
    return [
      ...family('jobs_total', 'counter', 'Files done, by command and status.', this.outcomes),
      ...family('failures_total', 'counter', 'Attempts that failed, by code.', this.failures),
      ...single('stalled_total', 'counter', 'Jobs of dead workers that this worker queued again.', this.stalled),
      ...single('active_jobs', 'gauge', 'Files in progress.', this.active),
      ...single('job_seconds_total', 'counter', 'Seconds spent on files, summed over concurrent files.', seconds),
      ...single('megapixels_total', 'counter', 'Megapixels coded.', pixels / 1e6),
      ...single('samples_total', 'counter', 'Samples coded.', samples),
      ...single('read_bytes_total', 'counter', 'Bytes of the sources of coded files.', sourceBytes),
      ...single('written_bytes_total', 'counter', 'Bytes of the results of coded files.', bytes),
      ...single('bits_per_dim', 'gauge', 'Mean bits of a result per sample.', ratio(8 * bytes, samples)),
      ...single(
        'compression_ratio',
        'gauge',
        'Bytes of the results divided by those of the sources.',
        ratio(bytes, sourceBytes),
      ),
      ...single('resident_memory_bytes', 'gauge', 'Memory of the process.', process.memoryUsage.rss()),
      '',
    ].join('\n');
  }
}

function count(counts: Map<string, number>, labels: string): void {
  counts.set(labels, (counts.get(labels) ?? 0) + 1);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function single(name: string, type: string, help: string, value: number): string[] {
  return family(name, type, help, new Map([['', value]]));
}

function family(name: string, type: string, help: string, values: ReadonlyMap<string, number>): string[] {
  const lines = [...values].map(([labels, value]) => `pixrnn_${name}${labels === '' ? '' : `{${labels}}`} ${value}`);
  return [`# HELP pixrnn_${name} ${help}`, `# TYPE pixrnn_${name} ${type}`, ...lines];
}
