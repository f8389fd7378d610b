import type { TerminalStream } from './streams.js';

/** Whether a stream is a terminal that supports the escape sequences of progress bars. */
export function supportsProgress({ isTTY }: TerminalStream): boolean {
  return isTTY === true && process.env['TERM'] !== 'dumb';
}
