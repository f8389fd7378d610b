import type { TerminalStream } from './streams.js';

/** Whether a terminal understands the escape sequences that bars are drawn with. */
export function drawsBars({ isTTY }: TerminalStream): boolean {
  return isTTY === true && process.env['TERM'] !== 'dumb';
}
