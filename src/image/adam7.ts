/** One of the seven reduced images of an interlaced PNG file, in pixels. */
export interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly width: number;
  readonly height: number;
}

/** First column, first row and steps of each pass (PNG 3rd edition, section 8.1). */
const PATTERN = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Returns the passes of an image, except empty ones, for which nothing is stored. */
export function adam7(width: number, height: number): Pass[] {
  return PATTERN.map(([x, y, stepX, stepY]) => {
    return { x, y, stepX, stepY, width: Math.ceil((width - x) / stepX), height: Math.ceil((height - y) / stepY) };
  }).filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Returns a non-interlaced image as a single pass. */
export function onePass(width: number, height: number): Pass[] {
  return [{ x: 0, y: 0, stepX: 1, stepY: 1, width, height }];
}
