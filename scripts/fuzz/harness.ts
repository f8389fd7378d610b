/**
 * The module that Jazzer.js runs: it feeds input to the target that PIXRNN_FUZZ_TARGET names, and keeps statistics in the
 * file that PIXRNN_FUZZ_STATISTICS names.
 */
import '#pixrnn/node/install.js';
import { Finding } from './outcome.js';
import { readStatistics, writeStatistics } from './statistics.js';
import { targetOf } from './target-of.js';

const WRITE_EVERY_MS = 1000;
const PEAK_EVERY = 64;
/** An execution that needs more CPU time is a finding; one that does not end is one by the time limit of libFuzzer. */
const MAX_CPU_MS = 10_000;
/** More memory than this is a finding, also where it is free again before libFuzzer looks. */
const MAX_PEAK_MB = Number(process.env['PIXRNN_FUZZ_MEMORY'] ?? 2048);

// Most executions end with an error, whose stack nobody reads; reproduce.ts prints that of a finding.
Error.stackTraceLimit = 3;
const execute = await targetOf(process.env['PIXRNN_FUZZ_TARGET'] ?? '');
const statisticsPath = process.env['PIXRNN_FUZZ_STATISTICS'];
const statistics = readStatistics(statisticsPath ?? '');
statistics.peakMb = 0;
let written = performance.now();
let unhandled: Error | null = null;

process.prependListener('unhandledRejection', (reason) => {
  unhandled = reason instanceof Error ? reason : new Error(String(reason));
});
process.on('exit', write);

function write(): void {
  if (statisticsPath) writeStatistics(statisticsPath, statistics);
  written = performance.now();
}

/** Milliseconds of CPU time of all threads: the machine may be busy with other things. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Runs the target once. Whatever it throws is a finding. */
export async function fuzz(data: Buffer): Promise<void> {
  const began = cpuMs();
  const { reached, refusal } = await execute(Uint8Array.from(data));
  // Rejections that nobody handles are reported before the next turn: they belong to this input.
  await new Promise((resolve) => setImmediate(resolve));
  if (unhandled !== null) throw new Finding(`an unhandled rejection: ${unhandled.message}`, { cause: unhandled });
  const needed = cpuMs() - began;
  statistics.executions++;
  if (reached) statistics.reached++;
  if (refusal) statistics.refused[refusal.code] = (statistics.refused[refusal.code] ?? 0) + 1;
  else statistics.accepted++;
  statistics.slowestMs = Math.max(statistics.slowestMs, needed);
  if (statistics.executions % PEAK_EVERY === 0) checkMemory();
  if (performance.now() - written > WRITE_EVERY_MS) write();
  if (needed > MAX_CPU_MS) throw new Finding(`it needed ${needed.toFixed(0)} ms of CPU time`);
}

function checkMemory(): void {
  statistics.peakMb = process.resourceUsage().maxRSS / 1024;
  if (statistics.peakMb > MAX_PEAK_MB) throw new Finding(`the process needed ${statistics.peakMb.toFixed(0)} MB`);
}
