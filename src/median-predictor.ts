/** The median predictor of JPEG-LS (ITU-T T.87, 4.2.1): W, N or the plane W + N - NW, whichever lies between the others. */
export function medianPrediction(w: number, n: number, nw: number): number {
  const plane = w + n - nw;
  return Math.max(Math.min(w, n), Math.min(Math.max(w, n), plane));
}
