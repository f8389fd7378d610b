/**
 * y[n] = from[n] + sum over k of x[k] * w[k][n]: a row vector times a matrix, added to a bias or to an earlier sum.
 *
 * Each y[n] is a chain of additions in the order of k, each product and each sum rounded to f32. That order is part of
 * the format. Columns are independent, so how many are computed at once is not.
 */

/**
 * Multiplies x by w and adds `from`.
 * @param x f32[depth]
 * @param depth number of inputs
 * @param w f32[depth][width], 16-byte aligned
 * @param width number of outputs, a multiple of 4
 * @param from f32[width], the initial sums; may be y itself
 * @param y f32[width], written
 */
export function dense(x: usize, depth: i32, w: usize, width: i32, from: usize, y: usize): void {
  const end = x + ((<usize>depth) << 2);
  const stride = (<usize>width) << 2;
  // The usual widths. Calling every kernel below from two places also keeps Binaryen from inlining them all into one
  // function, in which V8 runs out of registers and needs nearly twice the time.
  if (width === 64) {
    dense32(x, end, w, stride, from, y);
    dense32(x, end, w + 128, stride, from + 128, y + 128);
  } else if (width === 36) dense36(x, end, w, stride, from, y);
  else if (width === 24) dense24(x, end, w, stride, from, y);
  else if (width === 16) dense16(x, end, w, stride, from, y);
  else if (width === 12) dense12(x, end, w, stride, from, y);
  else denseStrips(x, end, w, width, from, y);
}

/** Computes any width, strip by strip. */
function denseStrips(x: usize, end: usize, w: usize, width: i32, from: usize, y: usize): void {
  const stride = (<usize>width) << 2;
  let left = width;
  while (left > 0) {
    let strip = 4;
    if (left === 36) {
      strip = 36;
      dense36(x, end, w, stride, from, y);
    } else if (left >= 32) {
      strip = 32;
      dense32(x, end, w, stride, from, y);
    } else if (left >= 24) {
      strip = 24;
      dense24(x, end, w, stride, from, y);
    } else if (left >= 16) {
      strip = 16;
      dense16(x, end, w, stride, from, y);
    } else if (left >= 12) {
      strip = 12;
      dense12(x, end, w, stride, from, y);
    } else {
      dense4(x, end, w, stride, from, y);
    }
    const taken = (<usize>strip) << 2;
    w += taken;
    from += taken;
    y += taken;
    left -= strip;
  }
}

/** Computes 32 columns with eight accumulators: enough chains to hide the latency of an addition. */
function dense32(x: usize, end: usize, w: usize, stride: usize, from: usize, y: usize): void {
  let a = v128.load(from);
  let b = v128.load(from, 16);
  let c = v128.load(from, 32);
  let d = v128.load(from, 48);
  let e = v128.load(from, 64);
  let f = v128.load(from, 80);
  let g = v128.load(from, 96);
  let h = v128.load(from, 112);
  for (; x < end; x += 4, w += stride) {
    const s = v128.load32_splat(x);
    a = f32x4.add(a, f32x4.mul(s, v128.load(w)));
    b = f32x4.add(b, f32x4.mul(s, v128.load(w, 16)));
    c = f32x4.add(c, f32x4.mul(s, v128.load(w, 32)));
    d = f32x4.add(d, f32x4.mul(s, v128.load(w, 48)));
    e = f32x4.add(e, f32x4.mul(s, v128.load(w, 64)));
    f = f32x4.add(f, f32x4.mul(s, v128.load(w, 80)));
    g = f32x4.add(g, f32x4.mul(s, v128.load(w, 96)));
    h = f32x4.add(h, f32x4.mul(s, v128.load(w, 112)));
  }
  v128.store(y, a);
  v128.store(y, b, 16);
  v128.store(y, c, 32);
  v128.store(y, d, 48);
  v128.store(y, e, 64);
  v128.store(y, f, 80);
  v128.store(y, g, 96);
  v128.store(y, h, 112);
}

/** Computes 36 columns with nine accumulators: the width h of a hidden layer in the shipped model. */
function dense36(x: usize, end: usize, w: usize, stride: usize, from: usize, y: usize): void {
  let a = v128.load(from);
  let b = v128.load(from, 16);
  let c = v128.load(from, 32);
  let d = v128.load(from, 48);
  let e = v128.load(from, 64);
  let f = v128.load(from, 80);
  let g = v128.load(from, 96);
  let h = v128.load(from, 112);
  let i = v128.load(from, 128);
  for (; x < end; x += 4, w += stride) {
    const s = v128.load32_splat(x);
    a = f32x4.add(a, f32x4.mul(s, v128.load(w)));
    b = f32x4.add(b, f32x4.mul(s, v128.load(w, 16)));
    c = f32x4.add(c, f32x4.mul(s, v128.load(w, 32)));
    d = f32x4.add(d, f32x4.mul(s, v128.load(w, 48)));
    e = f32x4.add(e, f32x4.mul(s, v128.load(w, 64)));
    f = f32x4.add(f, f32x4.mul(s, v128.load(w, 80)));
    g = f32x4.add(g, f32x4.mul(s, v128.load(w, 96)));
    h = f32x4.add(h, f32x4.mul(s, v128.load(w, 112)));
    i = f32x4.add(i, f32x4.mul(s, v128.load(w, 128)));
  }
  v128.store(y, a);
  v128.store(y, b, 16);
  v128.store(y, c, 32);
  v128.store(y, d, 48);
  v128.store(y, e, 64);
  v128.store(y, f, 80);
  v128.store(y, g, 96);
  v128.store(y, h, 112);
  v128.store(y, i, 128);
}

function dense24(x: usize, end: usize, w: usize, stride: usize, from: usize, y: usize): void {
  let a = v128.load(from);
  let b = v128.load(from, 16);
  let c = v128.load(from, 32);
  let d = v128.load(from, 48);
  let e = v128.load(from, 64);
  let f = v128.load(from, 80);
  for (; x < end; x += 4, w += stride) {
    const s = v128.load32_splat(x);
    a = f32x4.add(a, f32x4.mul(s, v128.load(w)));
    b = f32x4.add(b, f32x4.mul(s, v128.load(w, 16)));
    c = f32x4.add(c, f32x4.mul(s, v128.load(w, 32)));
    d = f32x4.add(d, f32x4.mul(s, v128.load(w, 48)));
    e = f32x4.add(e, f32x4.mul(s, v128.load(w, 64)));
    f = f32x4.add(f, f32x4.mul(s, v128.load(w, 80)));
  }
  v128.store(y, a);
  v128.store(y, b, 16);
  v128.store(y, c, 32);
  v128.store(y, d, 48);
  v128.store(y, e, 64);
  v128.store(y, f, 80);
}

function dense16(x: usize, end: usize, w: usize, stride: usize, from: usize, y: usize): void {
  let a = v128.load(from);
  let b = v128.load(from, 16);
  let c = v128.load(from, 32);
  let d = v128.load(from, 48);
  for (; x < end; x += 4, w += stride) {
    const s = v128.load32_splat(x);
    a = f32x4.add(a, f32x4.mul(s, v128.load(w)));
    b = f32x4.add(b, f32x4.mul(s, v128.load(w, 16)));
    c = f32x4.add(c, f32x4.mul(s, v128.load(w, 32)));
    d = f32x4.add(d, f32x4.mul(s, v128.load(w, 48)));
  }
  v128.store(y, a);
  v128.store(y, b, 16);
  v128.store(y, c, 32);
  v128.store(y, d, 48);
}

function dense12(x: usize, end: usize, w: usize, stride: usize, from: usize, y: usize): void {
  let a = v128.load(from);
  let b = v128.load(from, 16);
  let c = v128.load(from, 32);
  for (; x < end; x += 4, w += stride) {
    const s = v128.load32_splat(x);
    a = f32x4.add(a, f32x4.mul(s, v128.load(w)));
    b = f32x4.add(b, f32x4.mul(s, v128.load(w, 16)));
    c = f32x4.add(c, f32x4.mul(s, v128.load(w, 32)));
  }
  v128.store(y, a);
  v128.store(y, b, 16);
  v128.store(y, c, 32);
}

function dense4(x: usize, end: usize, w: usize, stride: usize, from: usize, y: usize): void {
  let a = v128.load(from);
  for (; x < end; x += 4, w += stride) {
    a = f32x4.add(a, f32x4.mul(v128.load32_splat(x), v128.load(w)));
  }
  v128.store(y, a);
}
