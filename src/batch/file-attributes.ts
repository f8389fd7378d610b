import { type BigIntStats, chownSync, statSync, utimesSync } from 'node:fs';
import { fsPath } from './path-bytes.js';

/** The attributes of a source that its output gets. */
export type FileAttributes = Pick<BigIntStats, 'uid' | 'gid' | 'mode' | 'atimeNs' | 'mtimeNs'>;

/**
 * Copies the times of a source to its output and, when run by root, owner and group. If the file system or Node.js rounds times, the
 * modification time is rounded up; otherwise `make` would rebuild the output every time.
 */
export function keepAttributes(path: string, source: FileAttributes): void {
  if (process.getuid?.() === 0) {
    try {
      chownSync(fsPath(path), Number(source.uid), Number(source.gid));
    } catch {
      // Some file systems have no owners, and some network file systems do not let root change them.
    }
  }
  for (const later of ROUNDED_BY) {
    utimesSync(fsPath(path), seconds(source.atimeNs), seconds(source.mtimeNs + later));
    if (statSync(fsPath(path), { bigint: true }).mtimeNs >= source.mtimeNs) return;
  }
}

/** In nanoseconds. A double resolves current times to 250 ns; file systems store a resolution between 1 us and 2 s. */
const ROUNDED_BY = [0n, 1_000n, 2_000n, 1_000_000n, 1_000_000_000n, 2_000_000_000n];

function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}
