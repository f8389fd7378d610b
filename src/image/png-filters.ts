/*
 * The row filters of PNG (3rd edition, section 9). Rows are bytes; `pixelBytes` is the distance between corresponding
 * bytes of neighbouring pixels, at least 1.
 */

/**
 * Reverses the filters of rows that each start with a filter byte. Works in place: the result is the start of `data`,
 * [rows][rowBytes].
 * @throws RangeError that names the row, for an undefined filter
 */
export function unfilter(data: Uint8Array, rows: number, rowBytes: number, pixelBytes: number): Uint8Array {
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1);
    const filter = data[from]!;
    const start = row * rowBytes;
    data.copyWithin(start, from + 1, from + 1 + rowBytes);
    if (filter > 4) throw new RangeError(`row ${row} has the undefined filter ${filter}`);
    if (row === 0) unfilterFirst(filter, data, rowBytes, pixelBytes);
    else unfilterRow(filter, data, start, rowBytes, pixelBytes);
  }
  return data.subarray(0, rows * rowBytes);
}

/** Reverses the filter of the first row, above which all bytes are zero. */
function unfilterFirst(filter: number, data: Uint8Array, rowBytes: number, pixelBytes: number): void {
  if (filter === 0 || filter === 2) return;
  const half = filter === 3 ? 1 : 0; // Paeth of (left, 0, 0) is left
  for (let i = pixelBytes; i < rowBytes; i++) data[i]! += data[i - pixelBytes]! >> half;
}

function unfilterRow(filter: number, data: Uint8Array, start: number, rowBytes: number, pixelBytes: number): void {
  const first = Math.min(start + pixelBytes, start + rowBytes);
  const end = start + rowBytes;
  switch (filter) {
    case 1:
      for (let i = first; i < end; i++) data[i]! += data[i - pixelBytes]!;
      break;
    case 2:
      for (let i = start; i < end; i++) data[i]! += data[i - rowBytes]!;
      break;
    case 3:
      for (let i = start; i < first; i++) data[i]! += data[i - rowBytes]! >> 1;
      for (let i = first; i < end; i++) data[i]! += (data[i - pixelBytes]! + data[i - rowBytes]!) >> 1;
      break;
    case 4:
      for (let i = start; i < first; i++) data[i]! += data[i - rowBytes]!; // Paeth of (0, above, 0) is above
      for (let i = first; i < end; i++) {
        data[i]! += paeth(data[i - pixelBytes]!, data[i - rowBytes]!, data[i - rowBytes - pixelBytes]!);
      }
  }
}

/** Returns the argument nearest to left + above - aboveLeft. */
function paeth(left: number, above: number, aboveLeft: number): number {
  const toLeft = Math.abs(above - aboveLeft);
  const toAbove = Math.abs(left - aboveLeft);
  const toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
  if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
  return toAbove <= toAboveLeft ? above : aboveLeft;
}

/**
 * Selects a filter per row: the one with the smallest sum of absolute differences (section 12.7, libpng's heuristic).
 */
export class AdaptiveFilter {
  private readonly candidates: Uint8Array[];

  constructor(
    rowBytes: number,
    private readonly pixelBytes: number,
  ) {
    this.candidates = Array.from({ length: 5 }, () => new Uint8Array(rowBytes));
  }

  /** Writes the filter byte and the filtered row to `target` at `at`; for the first row `above` is all zeros. */
  apply(row: Uint8Array, above: Uint8Array, target: Uint8Array, at: number): void {
    let best = 0;
    let minSum = Infinity;
    for (let filter = 0; filter < 5; filter++) {
      const sum = filterRow(this.candidates[filter]!, filter, row, above, this.pixelBytes);
      if (sum < minSum) [best, minSum] = [filter, sum];
    }
    target[at] = best;
    target.set(this.candidates[best]!, at + 1);
  }
}

/** Filters a row into `out` and returns the sum of its absolute values as signed bytes; above the first row is zero. */
export function filterRow(
  out: Uint8Array,
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  pixelBytes: number,
): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    const inside = i >= pixelBytes;
    const left = inside ? row[i - pixelBytes]! : 0;
    let predicted = 0;
    if (filter === 1) predicted = left;
    else if (filter === 2) predicted = above[i]!;
    else if (filter === 3) predicted = (left + above[i]!) >> 1;
    else if (filter === 4) predicted = paeth(left, above[i]!, inside ? above[i - pixelBytes]! : 0);
    const difference = (row[i]! - predicted) & 0xff;
    out[i] = difference;
    sum += difference < 128 ? difference : 256 - difference;
  }
  return sum;
}
