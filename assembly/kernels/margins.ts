/** Margins that repeat the first and last pixel of a row, so that a neighbour's address needs no test. */

/** Copies the pixel of `bytes`, a multiple of 4, at `from` to `count` pixels from `to` on; `from` may be one of them. */
export function repeatPixel(from: usize, to: usize, count: i32, bytes: usize): void {
  for (let i = 0; i < count; i++) {
    for (let at: usize = 0; at < bytes; at += 4) store<u32>(to + at, load<u32>(from + at));
    to += bytes;
  }
}

/** Fills `margin` pixels on both sides of the `width` pixels in a row that begins, with its margin, at `line`. */
export function repeatEnds(line: usize, margin: i32, width: i32, bytes: usize): void {
  const first = line + <usize>margin * bytes;
  const end = first + <usize>width * bytes;
  repeatPixel(first, line, margin, bytes);
  repeatPixel(end - bytes, end, margin, bytes);
}
