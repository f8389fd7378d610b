/** Where bars are drawn: standard error, if it is a terminal. */
export type Terminal = NodeJS.WritableStream & { isTTY?: boolean };

/** Whether a terminal understands the escape sequences that bars are drawn with. */
export function drawsBars({ isTTY }: Terminal): boolean {
  return isTTY === true && process.env['TERM'] !== 'dumb';
}
