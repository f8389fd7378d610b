import { type BigIntStats, chownSync, statSync, utimesSync } from 'node:fs';
import { fsPath } from '../batch/path-bytes.js';

/**
 * Gives a result the times of its source and, when run by root, its owner and group. Where the result's file system or Node.js rounds times, the
 * modification time is rounded up: `make` would otherwise build the result again and again.
 */
export function keepAttributes(path: string, source: BigIntStats): void {
  if (process.getuid?.() === 0) {
    try {
      chownSync(fsPath(path), Number(source.uid), Number(source.gid));
    } catch {
      // Some file systems have no owners, some network file systems do not let root change them.
    }
  }
  for (const later of ROUNDED_BY) {
    utimesSync(fsPath(path), seconds(source.atimeNs), seconds(source.mtimeNs + later));
    if (statSync(fsPath(path), { bigint: true }).mtimeNs >= source.mtimeNs) return;
  }
}

/** Nanoseconds: a double holds current times to a quarter of a microsecond, file systems keep microseconds to 2 seconds. */
const ROUNDED_BY = [0n, 1_000n, 2_000n, 1_000_000n, 1_000_000_000n, 2_000_000_000n];

function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}
