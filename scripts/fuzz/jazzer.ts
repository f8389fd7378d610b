import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CorpusFolders } from './corpus.js';

/** Limits of a run; the first one that is reached ends it. */
export interface Limits {
  readonly executions: number;
  /** Infinity for no limit. */
  readonly seconds: number;
  /** An execution that takes longer is a finding. */
  readonly hangSeconds: number;
  /** A process that needs more memory is a finding. */
  readonly memoryMb: number;
}

/** How a run ended. */
export interface Run {
  /** What the fuzzing process printed about its finding; null without one. */
  readonly report: string | null;
  /** The input of the finding. */
  readonly input: string | null;
  /** Edges of the code that the corpus covers. */
  readonly coverage: number;
}

const HARNESS = fileURLToPath(new URL('./harness.js', import.meta.url));
/** The root of the checkout, of which dist/ is instrumented. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Inputs of a few hundred bytes make a tiny image of any format. */
const MAX_INPUT_BYTES = 4096;
/** Of the output of the fuzzing process, enough for an error and its stack. */
const KEPT_OUTPUT = 20_000;

/**
 * Fuzzes a target in a child process by Jazzer.js (libFuzzer), which measures the coverage of dist/.
 * @param target a name for `targetOf`
 * @param onLine called with each line of progress
 */
export async function runJazzer(
  target: string,
  folders: CorpusFolders,
  limits: Limits,
  seed: number,
  onLine: (line: string) => void,
): Promise<Run> {
  const cli = createRequire(import.meta.url).resolve('@jazzer.js/core/dist/cli.js');
  const prefix = join(folders.findings, '/');
  const options = [
    `-runs=${limits.executions}`,
    ...(limits.seconds === Infinity ? [] : [`-max_total_time=${Math.ceil(limits.seconds)}`]),
    `-rss_limit_mb=${limits.memoryMb}`,
    `-max_len=${MAX_INPUT_BYTES}`,
    `-artifact_prefix=${prefix}`,
    `-seed=${seed}`,
    ...(existsSync(folders.dictionary) ? [`-dict=${folders.dictionary}`] : []),
    '-reload=0',
  ];
  const instrument = ['-i', join(ROOT, 'dist/'), '-e', 'node_modules', `--timeout=${1000 * limits.hangSeconds}`];
  const child = spawn(process.execPath, [cli, HARNESS, ...instrument, folders.inputs, '--', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      PIXRNN_FUZZ_TARGET: target,
      PIXRNN_FUZZ_STATISTICS: folders.statistics,
      PIXRNN_FUZZ_MEMORY: String(limits.memoryMb),
    },
  });
  const stop = (): void => void child.kill();
  process.once('exit', stop);
  let output = '';
  let rest = '';
  let coverage = 0;
  child.stderr.setEncoding('latin1').on('data', (text: string) => {
    output = (output + text).slice(-KEPT_OUTPUT);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      coverage = Number(/^#\d+\s.* cov: (\d+)/.exec(line)?.[1] ?? coverage);
      onLine(line);
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  process.off('exit', stop);
  if (code === 0) return { report: null, input: null, coverage };
  const input = /Test unit written to (\S+)/.exec(output)?.[1] ?? null;
  return { report: reportOf(output) || `the process ended with ${code}: ${output}`, input, coverage };
}

/** Returns the lines about an error: those after the last line of progress, without libFuzzer's dump of the input. */
function reportOf(output: string): string {
  const lines = output.split('\n');
  const last = lines.findLastIndex((line) => /^#\d+\s/.test(line));
  return lines
    .slice(last + 1)
    .filter(
      (line) => line !== '' && !/^(MS: |0x|Base64: |artifact_prefix|Dictionary)/.test(line) && !/\\\d{3}/.test(line),
    )
    .join('\n');
}
