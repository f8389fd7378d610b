import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fsPath } from './path-bytes.js';

/*
 * Output files are written under a temporary name, `.pixrnn-<host>-<process>-<random>.tmp`, and then renamed. A leftover of a killed process is
 * a file of this host whose process no longer exists; files that other hosts write to a shared directory are kept.
 */

const NAME = /^\.pixrnn-([0-9a-f]{8})-(\d+)-[0-9a-f]+\.tmp$/;

/** Returns a unique temporary name in a directory. */
export function temporaryName(folder: string): string {
  return join(folder, `.pixrnn-${HOST}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
}

/**
 * Removes the leftovers of killed runs from a directory and returns their names. Must be called before the first file is written, because
 * files with the id of this process count as leftovers of an earlier one.
 */
export function removeLeftovers(folder: string): string[] {
  const isLeftover = (name: string): boolean => {
    const [, host, pid] = NAME.exec(name) ?? [];
    return host === HOST && pid !== undefined && !isRunning(Number(pid));
  };
  try {
    const names = readdirSync(fsPath(folder)).filter(isLeftover);
    for (const name of names) rmSync(fsPath(join(folder, name)), { force: true });
    return names;
  } catch {
    return []; // the directory is missing or not accessible, which writing reports
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'; // EPERM: a process of another user
  }
}

/** Process ids are unique within a machine, on Linux within a PID namespace. */
const HOST = createHash('sha256').update(`${hostname()} ${processNamespace()}`).digest('hex').slice(0, 8);

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
