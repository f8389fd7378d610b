import { corpusFolders, prepareCorpus } from './corpus.js';
import { type WrittenFinding, writeFinding } from './finding.js';
import { type Limits, runJazzer } from './jazzer.js';
import { describeStatistics, readStatistics } from './statistics.js';
import type { TargetName } from './target.js';

export const LIMITS = { hangSeconds: 60, memoryMb: 2048 } as const;

/**
 * Fuzzes a target up to a number of executions in all, and prints what it does. Returns the finding that ended the run,
 * if any.
 */
export async function fuzzTarget(
  target: TargetName,
  corpus: string,
  { executions, ...limits }: Limits,
  seed: number,
  print: (line: string) => void = console.log,
): Promise<WrittenFinding | null> {
  const folders = corpusFolders(corpus, target);
  await prepareCorpus(folders, target);
  const before = readStatistics(folders.statistics).executions;
  if (before >= executions) print(`${target}: ${describeStatistics(readStatistics(folders.statistics))}, as asked`);
  if (before >= executions) return null;
  const began = performance.now();
  // Another seed for each run: with the same one, a run would repeat the one before.
  const run = await runJazzer(
    target,
    folders,
    { ...limits, executions: executions - before },
    seed + before,
    (line) => {
      if (/^#\d+\s+(INITED|pulse|NEW|DONE)/.test(line)) print(`${target}: ${line}`);
    },
  );
  const statistics = readStatistics(folders.statistics);
  const rate = (1000 * (statistics.executions - before)) / (performance.now() - began);
  print(
    `${target}: ${describeStatistics(statistics)}; coverage ${run.coverage} edges, ${rate.toFixed(0)} executions/s`,
  );
  if (run.report === null) return null;
  print(`${target}: FINDING\n${run.report}`);
  if (run.input === null) throw new Error(`the fuzzing process failed: ${run.report}`);
  const finding = await writeFinding(target, run.input, run.report, limits.hangSeconds);
  print(`${target}: ${finding.error}\n${target}: input ${finding.input}, minimised ${finding.minimised}`);
  return finding;
}
