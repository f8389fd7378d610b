import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);
const TIME = '/usr/bin/time';

/** Cost of running one command. */
export interface Cost {
  /** Wall-clock time from start to exit, in steps of 10 ms. */
  seconds: number;
  /** User and system time of all threads, in steps of 10 ms. */
  cpuSeconds: number;
  /** Largest resident set size of the process, in bytes. */
  peakBytes: number;
}

/**
 * Runs a command on the given cores (a list for taskset, "0" or "0,1") and returns its cost. `folder` holds a temporary
 * file.
 *
 * GNU time starts the command itself, so it must come last. A child of this process would inherit Node's own peak,
 * which the kernel carries over from before exec.
 * @throws Error with the command's own messages if it fails
 */
export async function runMeasured(command: readonly string[], cores: string, folder: string): Promise<Cost> {
  const report = join(folder, 'cost');
  await run('taskset', ['-c', cores, TIME, '--quiet', '-f', '%e %U %S %M', '-o', report, ...command]);
  const [seconds, user, system, kibibytes] = (await readFile(report, 'utf8')).trim().split(' ').map(Number);
  if (seconds === undefined || user === undefined || system === undefined || !Number.isFinite(kibibytes)) {
    throw new Error(`${TIME} did not report the cost of ${command[0]}. Install GNU time.`);
  }
  return { seconds, cpuSeconds: user + system, peakBytes: 1024 * (kibibytes ?? 0) };
}

/** Returns what a command prints to standard output. */
export async function run(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await execFileAsync(command, args, { maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`${command} failed: ${stderr?.trim() || message}`, { cause: error });
  }
}

/**
 * Checks that every program is installed before the first measurement starts.
 * @throws Error that names the Debian packages of the missing programs
 */
export async function requirePrograms(packageOf: Readonly<Record<string, string>>): Promise<void> {
  const needed: Record<string, string> = { taskset: 'util-linux', [TIME]: 'time', ...packageOf };
  const missing: string[] = [];
  for (const program of Object.keys(needed)) {
    await execFileAsync('sh', ['-c', 'command -v "$0"', program]).catch(() => missing.push(program));
  }
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => needed[program]))].join(' ');
  throw new Error(`not found: ${missing.join(', ')}. Install on Debian with: apt-get install ${packages}`);
}
