/** Pieces that are removed are at least so many bytes at first: a half, a quarter, ... of the input. */
const FIRST_SHARE = 2;

/**
 * Returns a shorter input for which `isSame` still holds: removes pieces from half of the input to single bytes, then
 * sets bytes to zero. Calls `isSame` at most `maxTries` times.
 */
export async function minimised(
  input: Uint8Array,
  isSame: (input: Uint8Array) => Promise<boolean>,
  maxTries: number,
): Promise<Uint8Array> {
  let best = input;
  let tries = 0;
  const attempt = async (candidate: Uint8Array): Promise<boolean> => {
    if (tries++ >= maxTries || !(await isSame(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let piece = Math.ceil(input.length / FIRST_SHARE); piece >= 1; piece = piece === 1 ? 0 : Math.ceil(piece / 2)) {
    for (let at = 0; at < best.length;) {
      const without = Buffer.concat([best.subarray(0, at), best.subarray(at + piece)]);
      if (!(await attempt(Uint8Array.from(without)))) at += piece;
    }
  }
  for (let at = 0; at < best.length; at++) if (best[at] !== 0) await attempt(best.with(at, 0));
  return best;
}
