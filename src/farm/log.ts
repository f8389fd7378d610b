import { withoutPasswords } from './queue/queue-url.js';

/** Writes what a worker does. */
export type Log = (event: string, fields: Readonly<Record<string, unknown>>) => void;

/** Events that `--quiet` keeps. */
const PROBLEMS = new Set(['error', 'failed', 'stalled']);

/** Returns a log of one JSON object a line, with the time. Passwords of URLs in messages are removed. */
export function jsonLog(write: (line: string) => void, quiet = false): Log {
  return (event, fields) => {
    if (quiet && !PROBLEMS.has(event)) return;
    write(`${withoutPasswords(JSON.stringify({ time: new Date().toISOString(), event, ...fields }))}\n`);
  };
}
