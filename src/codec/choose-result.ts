/** What the result has to restore: `auto` is the bytes of the file where they cost little, else the pixels. */
export type Exactness = 'auto' | 'exact' | 'pixels';

/** The sizes in bytes of the files that an image can become; null for those that are impossible or not allowed. */
export interface CandidateBytes {
  /** Restores samples and metadata. */
  readonly pixels: number;
  /** Restores the bytes of the source, by a recipe. */
  readonly exact: number | null;
  /** Holds the source itself. */
  readonly stored: number | null;
}

/** By default, the bytes of the source are restored if that costs at most this many bytes or this share. */
const CHEAP_BYTES = 200;
const CHEAP_SHARE = 0.01;

/**
 * Returns which candidate becomes the result; null if `exactness` is `exact`, but none restores the bytes of the
 * source. A stored source also restores the pixels, so it is chosen whenever it is smallest.
 */
export function chooseResult(sizes: CandidateBytes, exactness: Exactness): keyof CandidateBytes | null {
  const { pixels, exact, stored } = sizes;
  const isWorthIt = exact !== null && (exactness === 'exact' || (exactness === 'auto' && isCheap(pixels, exact)));
  if (!isWorthIt && exactness === 'exact') return stored === null ? null : 'stored';
  const coded = isWorthIt ? exact : pixels;
  if (stored !== null && stored < coded) return 'stored';
  return isWorthIt ? 'exact' : 'pixels';
}

function isCheap(pixels: number, exact: number): boolean {
  return exact - pixels <= Math.max(CHEAP_BYTES, CHEAP_SHARE * pixels);
}
