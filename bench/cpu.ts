import { readFileSync } from 'node:fs';

/* CPU time of processes, from /proc (Linux). */

/** Ticks of /proc in a second, on every architecture that Node.js supports. */
const TICKS = 100;

/** Returns the seconds of CPU that a process has used; null if it has ended, or where there is no /proc. */
export function processSeconds(pid: number | undefined): number | null {
  return secondsIn(`/proc/${pid}/stat`);
}

/** Returns the seconds of CPU that the main thread of a process has used; null as above. */
export function mainThreadSeconds(pid: number | undefined): number | null {
  return secondsIn(`/proc/${pid}/task/${pid}/stat`);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: fields 14 and 15, user and system time. */
function secondsIn(path: string): number | null {
  try {
    const text = readFileSync(path, 'utf8');
    const [user, system] = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return ((user ?? 0) + (system ?? 0)) / TICKS;
  } catch {
    return null;
  }
}
