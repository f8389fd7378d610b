import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { minimised } from './minimise.js';

const REPRODUCE = fileURLToPath(new URL('./reproduce.js', import.meta.url));
/** Processes of a minimisation: each needs a quarter of a second. */
const MAX_TRIES = 60;

/** A finding, written next to its input. */
export interface WrittenFinding {
  readonly input: string;
  readonly minimised: string;
  /** The first line of the error. */
  readonly error: string;
}

/** Minimises the input of a finding, each attempt in a new process, and writes it with the error. */
export async function writeFinding(
  target: string,
  input: string,
  report: string,
  hangSeconds: number,
  maxTries = MAX_TRIES,
): Promise<WrittenFinding> {
  const path = `${input}.minimised`;
  const tried = `${input}.tried`;
  /** Returns what the input does in a new process: the first lines of its error, or null. */
  const errorOf = (bytes: Uint8Array): string | null => {
    writeFileSync(tried, bytes);
    const { status, stdout, signal } = spawnSync(process.execPath, [REPRODUCE, target, tried], {
      encoding: 'utf8',
      timeout: 1000 * (hangSeconds + 5),
    });
    if (signal) return `the process ended by ${signal}, as for a hang`;
    return status === 0 ? null : placeOf(stdout);
  };
  const bytes = Uint8Array.from(readFileSync(input));
  const error = errorOf(bytes);
  const smallest =
    error === null
      ? bytes
      : await minimised(bytes, (candidate) => Promise.resolve(errorOf(candidate) === error), maxTries);
  writeFileSync(path, smallest);
  writeFileSync(`${input}.txt`, report);
  return { input, minimised: path, error: error ?? `${report.split('\n')[0]} (not in a new process)` };
}

/** Returns the message and the place of an error, without numbers that depend on the input. */
function placeOf(stack: string): string {
  const [message = '', place = ''] = stack.split('\n');
  return `${message.replaceAll(/\d+/g, 'N')} ${place.trim()}`;
}
