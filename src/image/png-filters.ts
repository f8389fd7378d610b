/*
 * The filters of PNG's rows (3rd edition, section 9). Rows are bytes; `pixelBytes` is the distance to the byte on the
 * left that belongs together with one, at least 1.
 */

/**
 * Undoes the filters of rows that each begin with the byte that names one. Works in place: the result is the beginning
 * of `data`, [rows][rowBytes].
 * @throws RangeError that names the row, for a filter that PNG does not define
 */
export function unfilter(data: Uint8Array, rows: number, rowBytes: number, pixelBytes: number): Uint8Array {
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1);
    const filter = data[from]!;
    const start = row * rowBytes;
    data.copyWithin(start, from + 1, from + 1 + rowBytes);
    if (filter > 4) throw new RangeError(`row ${row} names filter ${filter}, which PNG does not define`);
    if (row === 0) unfilterFirst(filter, data, rowBytes, pixelBytes);
    else unfilterRow(filter, data, start, rowBytes, pixelBytes);
  }
  return data.subarray(0, rows * rowBytes);
}

/** The first row has zeros above it. */
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

/** Whichever of its arguments is nearest to left + above - aboveLeft. */
function paeth(left: number, above: number, aboveLeft: number): number {
  const toLeft = Math.abs(above - aboveLeft);
  const toAbove = Math.abs(left - aboveLeft);
  const toAboveLeft = Math.abs(left + above - 2 * aboveLeft);
  if (toLeft <= toAbove && toLeft <= toAboveLeft) return left;
  return toAbove <= toAboveLeft ? above : aboveLeft;
}

/** Chooses filters row by row: that with the least sum of absolute differences (section 12.7, libpng's heuristic). */
export class AdaptiveFilter {
  private readonly candidates: Uint8Array[];

  constructor(
    private readonly rowBytes: number,
    private readonly pixelBytes: number,
  ) {
    this.candidates = Array.from({ length: 5 }, () => new Uint8Array(rowBytes));
  }

  /** Writes filter byte and filtered row to `target` at `at`; `above` is zeros for the first row. */
  apply(row: Uint8Array, above: Uint8Array, target: Uint8Array, at: number): void {
    let best = 0;
    let least = Infinity;
    for (let filter = 0; filter < 5; filter++) {
      const sum = this.filterInto(this.candidates[filter]!, filter, row, above);
      if (sum < least) [best, least] = [filter, sum];
    }
    target[at] = best;
    target.set(this.candidates[best]!, at + 1);
  }

  /** The sum of what it writes, taken as signed bytes without their signs. */
  private filterInto(out: Uint8Array, filter: number, row: Uint8Array, above: Uint8Array): number {
    const { rowBytes, pixelBytes } = this;
    let sum = 0;
    for (let i = 0; i < rowBytes; i++) {
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
}
