import { readFileSync } from 'node:fs';
import { mayBeReplaced, pathOf } from '../batch/path-bytes.js';

/** Returns the arguments of the process. File names that are not UTF-8, which Node.js replaces, are read from /proc. */
export function commandLine(): string[] {
  const given = process.argv.slice(2);
  return given.some(mayBeReplaced) ? (exactArguments(given) ?? given) : given;
}

function exactArguments(given: readonly string[]): string[] | null {
  try {
    const words: Buffer[] = [];
    const line = readFileSync('/proc/self/cmdline');
    for (let at = 0; at < line.length;) {
      const end = line.indexOf(0, at);
      words.push(line.subarray(at, end));
      at = end + 1;
    }
    const exact = words.slice(-given.length);
    return exact.every((word, i) => word.toString() === given[i]) ? exact.map(pathOf) : null;
  } catch {
    return null; // no /proc on this system
  }
}
