/**
 * The two usual constructions of Huffman code lengths from the frequencies of symbols, with the tie breaks of the
 * encoders that use them: zlib's, with a heap; and the one with two queues of libdeflate, 7-Zip, miniz and others.
 */

/** Lengths by zlib's `build_tree`; by two queues where a leaf goes before an inner node of its weight; or after it. */
export const HEAP: i32 = 0;
export const LEAF_FIRST: i32 = 1;
export const NODE_FIRST: i32 = 2;
export const BUILDERS: i32 = 3;

const MAX_SYMBOLS: i32 = 288;
const NODES: i32 = 2 * MAX_SYMBOLS + 1;
/** Frequencies of nodes, their parents and depths, and the heap: u32[NODES] each. */
const weights: usize = memory.data(NODES * 4, 4);
const parents: usize = memory.data(NODES * 4, 4);
const depths: usize = memory.data(NODES * 4, 4);
const heap: usize = memory.data((NODES + 1) * 4, 4);
const counts: usize = memory.data(32 * 4, 4);

let heapLength: i32 = 0;
let heapMax: i32 = 0;

function get(array: usize, i: i32): i32 {
  return load<i32>(array + ((<usize>i) << 2));
}

function set(array: usize, i: i32, value: i32): void {
  store<i32>(array + ((<usize>i) << 2), value);
}

/**
 * Writes the code lengths, u8[symbols], for frequencies u32[symbols].
 * @param limit the maximum length, 7 or 15
 */
export function buildLengths(builder: i32, frequencies: usize, symbols: i32, limit: i32, lengths: usize): void {
  memory.fill(lengths, 0, <usize>symbols);
  if (builder === HEAP) byHeap(frequencies, symbols, limit, lengths);
  else byQueues(builder === LEAF_FIRST, frequencies, symbols, limit, lengths);
}

function before(n: i32, m: i32): bool {
  const a = <u32>get(weights, n);
  const b = <u32>get(weights, m);
  return a < b || (a === b && get(depths, n) <= get(depths, m));
}

function sink(k: i32): void {
  const v = get(heap, k);
  for (let j = k << 1; j <= heapLength; j <<= 1) {
    if (j < heapLength && before(get(heap, j + 1), get(heap, j))) j++;
    if (before(v, get(heap, j))) break;
    set(heap, k, get(heap, j));
    k = j;
  }
  set(heap, k, v);
}

function push(node: i32): void {
  heapMax--;
  set(heap, heapMax, node);
}

/** trees.c of zlib: build_tree and gen_bitlen. */
function byHeap(frequencies: usize, symbols: i32, limit: i32, lengths: usize): void {
  heapLength = 0;
  heapMax = NODES;
  let maxCode = -1;
  for (let n = 0; n < symbols; n++) {
    const f = get(frequencies, n);
    set(weights, n, f);
    set(depths, n, 0);
    if (f !== 0) {
      maxCode = n;
      heapLength++;
      set(heap, heapLength, n);
    }
  }
  while (heapLength < 2) {
    let node = 0;
    if (maxCode < 2) {
      maxCode++;
      node = maxCode;
    }
    heapLength++;
    set(heap, heapLength, node);
    set(weights, node, 1);
    set(depths, node, 0);
  }
  for (let n = heapLength >> 1; n >= 1; n--) sink(n);
  let node = symbols;
  do {
    const n = get(heap, 1);
    set(heap, 1, get(heap, heapLength));
    heapLength--;
    sink(1);
    const m = get(heap, 1);
    push(n);
    push(m);
    set(weights, node, get(weights, n) + get(weights, m));
    set(depths, node, max(get(depths, n), get(depths, m)) + 1);
    set(parents, n, node);
    set(parents, m, node);
    set(heap, 1, node);
    node++;
    sink(1);
  } while (heapLength >= 2);
  push(get(heap, 1));
  limitHeap(symbols, maxCode, limit, lengths);
}

/** gen_bitlen: depths from the root down; leaves that are too deep are moved up. */
function limitHeap(symbols: i32, maxCode: i32, limit: i32, lengths: usize): void {
  memory.fill(counts, 0, 128);
  set(depths, get(heap, heapMax), 0);
  let overflow = 0;
  let h = heapMax + 1;
  for (; h < NODES; h++) {
    const n = get(heap, h);
    let bits = get(depths, get(parents, n)) + 1;
    if (bits > limit) {
      bits = limit;
      overflow++;
    }
    set(depths, n, bits);
    if (n >= symbols || n > maxCode) continue;
    set(counts, bits, get(counts, bits) + 1);
    store<u8>(lengths + <usize>n, <u8>bits);
  }
  if (overflow === 0) return;
  do {
    let bits = limit - 1;
    while (get(counts, bits) === 0) bits--;
    set(counts, bits, get(counts, bits) - 1);
    set(counts, bits + 1, get(counts, bits + 1) + 2);
    set(counts, limit, get(counts, limit) - 1);
    overflow -= 2;
  } while (overflow > 0);
  for (let bits = limit; bits !== 0; bits--) {
    let n = get(counts, bits);
    while (n !== 0) {
      h--;
      const m = get(heap, h);
      if (m >= symbols || m > maxCode) continue;
      store<u8>(lengths + <usize>m, <u8>bits);
      n--;
    }
  }
}

/** Sorts the used symbols by frequency and number into `heap`. Returns how many there are. */
function sortSymbols(frequencies: usize, symbols: i32): i32 {
  let used = 0;
  for (let s = 0; s < symbols; s++) {
    const f = <u32>get(frequencies, s);
    if (f === 0) continue;
    let at = used;
    while (at > 0 && <u32>get(frequencies, get(heap, at - 1)) > f) {
      set(heap, at, get(heap, at - 1));
      at--;
    }
    set(heap, at, s);
    used++;
  }
  return used;
}

/** deflate_compress.c of libdeflate: deflate_make_huffman_code. */
function byQueues(leafFirst: bool, frequencies: usize, symbols: i32, limit: i32, lengths: usize): void {
  const used = sortSymbols(frequencies, symbols);
  if (used < 2) {
    const only = used === 1 ? get(heap, 0) : 0;
    store<u8>(lengths + <usize>only, 1);
    store<u8>(lengths + (only === 0 ? 1 : 0), 1);
    return;
  }
  let leaf = 0;
  let inner = 0;
  const root = used - 2;
  for (let node = 0; node <= root; node++) {
    let sum: u32 = 0;
    for (let k = 0; k < 2; k++) {
      const hasLeaf = leaf < used;
      const hasInner = inner < node;
      const f = hasLeaf ? <u32>get(frequencies, get(heap, leaf)) : 0;
      const w = hasInner ? <u32>get(weights, inner) : 0;
      if (hasLeaf && (!hasInner || (leafFirst ? f <= w : f < w))) {
        sum += f;
        leaf++;
      } else {
        sum += w;
        set(parents, inner, node);
        inner++;
      }
    }
    set(weights, node, sum);
  }
  memory.fill(counts, 0, 128);
  set(counts, 1, 2);
  set(depths, root, 0);
  for (let node = root - 1; node >= 0; node--) {
    let depth = get(depths, get(parents, node)) + 1;
    set(depths, node, depth);
    if (depth >= limit) {
      depth = limit - 1;
      while (get(counts, depth) === 0) depth--;
    }
    set(counts, depth, get(counts, depth) - 1);
    set(counts, depth + 1, get(counts, depth + 1) + 2);
  }
  let i = 0;
  for (let bits = limit; bits >= 1; bits--) {
    for (let n = get(counts, bits); n > 0; n--, i++) store<u8>(lengths + <usize>get(heap, i), <u8>bits);
  }
}
