import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fsPath } from './path-bytes.js';

/*
 * A result is written under a temporary name, `.pixrnn-<host>-<process>-<random>.tmp`, and then renamed. What a killed process leaves is
 * known by the number of a process that is gone, on the same host; what another machine writes into a shared folder stays.
 */

const NAME = /^\.pixrnn-([0-9a-f]{8})-(\d+)-[0-9a-f]+\.tmp$/;

/** A temporary name in a folder that no other process and no other call has. */
export function temporaryName(folder: string): string {
  return join(folder, `.pixrnn-${HOST}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
}

/**
 * Removes what dead runs left in a folder and returns the names. To be called before the first file is written: names with this process's own
 * number are those of an earlier one.
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
    return []; // no folder yet, or one that cannot be read or written: writing will say so
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'; // EPERM: somebody else's
  }
}

/** Numbers of processes mean something within one machine, and on Linux within one container. */
const HOST = createHash('sha256').update(`${hostname()} ${processNamespace()}`).digest('hex').slice(0, 8);

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
