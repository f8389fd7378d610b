/** The median predictor of JPEG-LS (ITU-T T.87, 4.2.1): the median of W, N and W + N - NW. */
export function medianPrediction(w: number, n: number, nw: number): number {
  const plane = w + n - nw;
  return Math.max(Math.min(w, n), Math.min(Math.max(w, n), plane));
}
