/**
 * Codes the filter type of each PNG row: which of the five, tried in the order of libpng's heuristic, the sum of the
 * filtered bytes' absolute values as signed numbers.
 */
import { fold } from '../palette/hash';
import { MATCHED, context, decide } from './coding';

const FILTERS: i32 = 5;
/** Sums and entropies of the five filtered rows, f64[FILTERS]; the order of the sums, u8; histograms, u32[5][256]. */
const sums: usize = memory.data(FILTERS * 8, 8);
const entropies: usize = memory.data(FILTERS * 8, 8);
const order: usize = memory.data(FILTERS);
const histograms: usize = memory.data(FILTERS * 256 * 4, 4);

/** Filters of the rows before, 3 bits each; for how many rows the last one repeats; the rank of each row before. */
let history: u32 = 0;
let repeated: i32 = 0;
let rankHistory: u32 = 0;
let entropyRanks: u32 = 0;
/** Rows that have chosen each filter, i32. */
const chosen: usize = memory.data(FILTERS * 4, 4);

export function startFilters(): void {
  history = 0;
  repeated = 0;
  rankHistory = 0;
  entropyRanks = 0;
  memory.fill(chosen, 0, FILTERS * 4);
}

function paeth(a: i32, b: i32, c: i32): i32 {
  const toA = abs(b - c);
  const toB = abs(a - c);
  const toC = abs(a + b - 2 * c);
  return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
}

function see(filter: i32, value: i32): void {
  const byte = value & 255;
  const at = histograms + ((<usize>((filter << 8) | byte)) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Fills the sums and entropies of a row of `bytes` bytes; `above` is the row before it. */
function measure(row: usize, above: usize, bytes: i32, pixel: i32): void {
  memory.fill(histograms, 0, FILTERS * 256 * 4);
  for (let i = 0; i < bytes; i++) {
    const x = <i32>load<u8>(row + <usize>i);
    const b = <i32>load<u8>(above + <usize>i);
    const a = i < pixel ? 0 : <i32>load<u8>(row + <usize>(i - pixel));
    const c = i < pixel ? 0 : <i32>load<u8>(above + <usize>(i - pixel));
    see(0, x);
    see(1, x - a);
    see(2, x - b);
    see(3, x - ((a + b) >> 1));
    see(4, x - paeth(a, b, c));
  }
  for (let f = 0; f < FILTERS; f++) {
    let sum: f64 = 0;
    let entropy: f64 = 0;
    for (let v = 0; v < 256; v++) {
      const n = load<u32>(histograms + ((<usize>((f << 8) | v)) << 2));
      sum += <f64>n * <f64>min(v, 256 - v);
      entropy -= <f64>n * logOf(n);
    }
    store<f64>(sums + ((<usize>f) << 3), sum);
    store<f64>(entropies + ((<usize>f) << 3), entropy);
  }
}

/** Returns an approximation of log2 n, linear between powers of two. */
function logOf(n: u32): f64 {
  if (n === 0) return 0;
  const top = 31 - clz<u32>(n);
  return <f64>top + <f64>(n - ((<u32>1) << top)) / <f64>((<u32>1) << top);
}

function sumOf(f: i32): f64 {
  return load<f64>(sums + ((<usize>f) << 3));
}

/** Returns how many filters have a smaller entropy, or the same and a smaller number. */
function entropyRank(f: i32): u32 {
  const e = load<f64>(entropies + ((<usize>f) << 3));
  let rank: u32 = 0;
  for (let g = 0; g < FILTERS; g++) {
    const other = load<f64>(entropies + ((<usize>g) << 3));
    rank += u32(other < e || (other === e && g < f));
  }
  return rank;
}

/** Sorts the filters by their sums; the smaller number first where sums are equal. */
function sortFilters(): void {
  for (let f = 0; f < FILTERS; f++) {
    let at = f;
    while (at > 0 && sumOf(<i32>load<u8>(order + <usize>(at - 1))) > sumOf(f)) {
      store<u8>(order + <usize>at, load<u8>(order + <usize>(at - 1)));
      at--;
    }
    store<u8>(order + <usize>at, <u8>f);
  }
}

/** Returns how much larger a sum is than another, 0 to 7. */
function excess(sum: f64, least: f64): u32 {
  const share = (sum - least) / (least + 1);
  return share <= 0
    ? 0
    : share < 0.002
      ? 1
      : share < 0.01
        ? 2
        : share < 0.03
          ? 3
          : share < 0.08
            ? 4
            : share < 0.2
              ? 5
              : share < 1
                ? 6
                : 7;
}

/**
 * Codes the filter of a row and returns it.
 * @param filter 0 to 4; ignored when decoding
 * @param first whether it is the first row of its pass, so that the row above is zeros
 */
export function codeFilter(filter: i32, row: usize, above: usize, bytes: i32, pixel: i32, first: bool): i32 {
  measure(row, above, bytes, pixel);
  sortFilters();
  const least = sumOf(<i32>load<u8>(order));
  let rank = 0;
  while (rank < FILTERS - 1 && !decideFilter(filter, rank, least, first)) rank++;
  const coded = <i32>load<u8>(order + <usize>rank);
  repeated = coded === <i32>(history & 7) ? min(repeated + 1, 255) : 0;
  history = (history << 3) | (<u32>coded);
  rankHistory = (rankHistory << 3) | (<u32>rank);
  entropyRanks = (entropyRanks << 3) | entropyRank(coded);
  const at = chosen + ((<usize>coded) << 2);
  store<u32>(at, load<u32>(at) + 1);
  return coded;
}

function decideFilter(filter: i32, rank: i32, least: f64, first: bool): bool {
  const f = <i32>load<u8>(order + <usize>rank);
  const u = <u32>f;
  const r = ((<u32>rank) << 1) | (<u32>first);
  const over = excess(sumOf(f), least);
  const next = rank + 1 < FILTERS ? excess(sumOf(<i32>load<u8>(order + <usize>(rank + 1))), sumOf(f)) : 0;
  const e = entropyRank(f);
  const again = <u32>(f === <i32>(history & 7));
  const run = <u32>min(repeated, 8);
  const used = min(load<u32>(chosen + ((<usize>f) << 2)), 3);
  const kind = fold(r, 31);
  context(0, MATCHED, kind);
  context(1, MATCHED, fold(kind, u));
  context(2, MATCHED, fold(kind, fold(again, run)));
  context(3, MATCHED, fold(kind, fold(u, used)));
  context(4, MATCHED, fold(kind, rankHistory & 7));
  context(5, MATCHED, fold(kind, rankHistory & 511));
  context(6, MATCHED, fold(kind, fold(next, over)));
  context(7, MATCHED, fold(kind, fold(u, history & 7)));
  context(8, MATCHED, fold(fold(kind, e), entropyRanks & 7));
  context(9, MATCHED, fold(fold(kind, e), entropyRanks & 511));
  context(10, MATCHED, fold(fold(kind, u), history & 4095));
  context(11, MATCHED, fold(fold(kind, again), fold(run, next)));
  context(12, MATCHED, fold(fold(u, e), fold(used, over)));
  context(13, MATCHED, fold(fold(kind, e), over));
  context(14, MATCHED, fold(fold(kind, e), fold(u, rankHistory & 7)));
  context(15, MATCHED, fold(u, fold(again, used)));
  const a = <i32>((r << 3) | u);
  return decide(
    f === filter,
    MATCHED,
    a,
    <i32>((e << 4) | (run << 1) | again),
    <i32>((over << 3) | next),
    a,
    <i32>((run << 4) | ((<u32>rank) << 1) | again),
  );
}
