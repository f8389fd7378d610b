import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What the executions of a target came to. */
export interface Statistics {
  executions: number;
  /** Executions that reached the decoding of the image's data. */
  reached: number;
  /** Executions whose file was accepted. */
  accepted: number;
  /** Refusals by error code. */
  refused: Record<string, number>;
  /** CPU time of the slowest execution. */
  slowestMs: number;
  /** Largest resident set of the process. */
  peakMb: number;
}

export function noStatistics(): Statistics {
  return { executions: 0, reached: 0, accepted: 0, refused: {}, slowestMs: 0, peakMb: 0 };
}

/** Returns the statistics in a file; none if it does not exist. */
export function readStatistics(path: string): Statistics {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Statistics) : noStatistics();
}

/** Writes statistics; a process that is killed meanwhile leaves the old file. */
export function writeStatistics(path: string, statistics: Statistics): void {
  writeFileSync(`${path}.new`, JSON.stringify(statistics));
  renameSync(`${path}.new`, path);
}

/** Returns one line about the executions. */
export function describeStatistics({ executions, reached, accepted, refused, slowestMs, peakMb }: Statistics): string {
  const share = (count: number): string => `${((100 * count) / Math.max(1, executions)).toFixed(1)} %`;
  const codes = Object.entries(refused).sort(([, a], [, b]) => b - a);
  return [
    `${executions} executions`,
    `${share(reached)} reached the image data`,
    `${share(accepted)} accepted`,
    ...codes.map(([code, count]) => `${share(count)} ${code}`),
    `slowest ${slowestMs.toFixed(0)} ms of CPU time`,
    `peak ${peakMb.toFixed(0)} MB`,
  ].join(', ');
}
