/**
 * Normal equations of a least-squares fit with n regressors, stored as the upper triangle of the symmetric matrix sum
 * of v v^T, where v = [regressors | target | zeros], padded to a multiple of four.
 *
 * Triangle: blocks of 4 rows x 4 columns, f32[4][4] each; for row panel p the column panels p, p + 1, ..., panels - 1,
 * one panel after the other. `panels` is the padded length of v divided by four.
 *
 * The order of every sum below is part of the format.
 */

/** Returns the number of floats of a triangle. */
export function triangleFloats(panels: i32): i32 {
  return 8 * panels * (panels + 1);
}

/** Sets triangle = lambda * triangle + v v^T; v f32[4 * panels], 16-byte aligned. */
export function accumulate(triangle: usize, v: usize, panels: i32, lambda: f32): void {
  const decay = f32x4.splat(lambda);
  const end = v + ((<usize>panels) << 4);
  let at = triangle;
  for (; v < end; v += 16) {
    const r0 = v128.load32_splat(v);
    const r1 = v128.load32_splat(v, 4);
    const r2 = v128.load32_splat(v, 8);
    const r3 = v128.load32_splat(v, 12);
    for (let column = v; column < end; column += 16) {
      const c = v128.load(column);
      v128.store(at, f32x4.add(f32x4.mul(decay, v128.load(at)), f32x4.mul(r0, c)));
      v128.store(at, f32x4.add(f32x4.mul(decay, v128.load(at, 16)), f32x4.mul(r1, c)), 16);
      v128.store(at, f32x4.add(f32x4.mul(decay, v128.load(at, 32)), f32x4.mul(r2, c)), 32);
      v128.store(at, f32x4.add(f32x4.mul(decay, v128.load(at, 48)), f32x4.mul(r3, c)), 48);
      at += 64;
    }
  }
}

/** Sets to = a + factor * b, for whole triangles. `to` may be `a` or `b`. */
export function addScaled(a: usize, b: usize, factor: f32, panels: i32, to: usize): void {
  const scale = f32x4.splat(factor);
  const bytes = (<usize>triangleFloats(panels)) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(to + i, f32x4.add(v128.load(a + i), f32x4.mul(scale, v128.load(b + i))));
  }
}

/** Sets values below 1e-12 to zero, long before their products become subnormal. */
export function flushTriangle(triangle: usize, panels: i32): void {
  const least = f32x4.splat(1e-12);
  const bytes = (<usize>triangleFloats(panels)) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const value = v128.load(triangle + i);
    v128.store(triangle + i, v128.and(value, f32x4.ge(f32x4.abs(value), least)));
  }
}

/** Maximum panels of a triangle in `solve`. */
const MAX_PANELS: i32 = 16;
/** Lower bound of the pivot of each row, and 1 / pivot or 0, f32[4 * MAX_PANELS] each. */
const floors: usize = memory.data(MAX_PANELS * 16, 16);
const inverses: usize = memory.data(MAX_PANELS * 16, 16);
/** The four multipliers of each earlier row for the current panel, f32[4 * MAX_PANELS][4]. */
const multipliers: usize = memory.data(MAX_PANELS * 64, 16);

/** A pivot below this share of its diagonal element is mere rounding. */
const MIN_PIVOT: f32 = 1e-5;

/**
 * Solves (triangle + ridge I) z = (column of the target) for the first n unknowns by elimination without pivoting: the
 * ridge makes the matrix positive definite. A regressor that is linearly dependent on earlier ones up to rounding gets
 * coefficient 0.
 * @param triangle overwritten
 * @param z f32[4 * panels], written: the n coefficients, then -1 for the target and zeros
 */
export function solve(triangle: usize, n: i32, panels: i32, ridge: f32, z: usize): void {
  substitute(eliminate(triangle, panels, ridge), n, panels, z);
}

/** Eliminates all rows of triangle + ridge I, for `substitute`. Returns the address after the triangle. */
export function eliminate(triangle: usize, panels: i32, ridge: f32): usize {
  addRidge(triangle, panels, ridge);
  let row = triangle; // block (p, p)
  for (let p = 0; p < panels; p++) {
    const left = (<usize>(panels - p)) << 6;
    eliminatePanel(triangle, row, p, panels);
    factorPanel(row, left, (<usize>p) << 4);
    row += left;
  }
  return row;
}

/** Adds the ridge to the diagonal, and computes the lower bounds of the pivots. */
function addRidge(triangle: usize, panels: i32, ridge: f32): void {
  let row = triangle;
  let floor = floors;
  for (let left = panels; left > 0; left--) {
    for (let i: usize = 0; i < 4; i++) {
      const value = load<f32>(row + 20 * i) + ridge;
      store<f32>(row + 20 * i, value);
      store<f32>(floor + (i << 2), value * MIN_PIVOT);
    }
    row += (<usize>left) << 6;
    floor += 16;
  }
}

/** Subtracts the multiples of all earlier rows from row panel p. */
function eliminatePanel(triangle: usize, row: usize, p: i32, panels: i32): void {
  let block = triangle + ((<usize>p) << 6); // (q, p)
  let to = multipliers;
  for (let q = 0; q < p; q++) {
    const inverse = inverses + ((<usize>q) << 4);
    v128.store(to, f32x4.mul(v128.load(block), v128.load32_splat(inverse)));
    v128.store(to, f32x4.mul(v128.load(block, 16), v128.load32_splat(inverse, 4)), 16);
    v128.store(to, f32x4.mul(v128.load(block, 32), v128.load32_splat(inverse, 8)), 32);
    v128.store(to, f32x4.mul(v128.load(block, 48), v128.load32_splat(inverse, 12)), 48);
    to += 64;
    block += (<usize>(panels - q - 1)) << 6;
  }
  const end = to;
  for (let v = p; v < panels; v++) {
    let a = v128.load(row);
    let b = v128.load(row, 16);
    let c = v128.load(row, 32);
    let d = v128.load(row, 48);
    block = triangle + ((<usize>v) << 6); // (q, v)
    let step = (<usize>(panels - 1)) << 6;
    for (let f = multipliers; f < end; f += 64) {
      const k0 = v128.load(block);
      a = f32x4.sub(a, f32x4.mul(v128.load32_splat(f), k0));
      b = f32x4.sub(b, f32x4.mul(v128.load32_splat(f, 4), k0));
      c = f32x4.sub(c, f32x4.mul(v128.load32_splat(f, 8), k0));
      d = f32x4.sub(d, f32x4.mul(v128.load32_splat(f, 12), k0));
      const k1 = v128.load(block, 16);
      a = f32x4.sub(a, f32x4.mul(v128.load32_splat(f, 16), k1));
      b = f32x4.sub(b, f32x4.mul(v128.load32_splat(f, 20), k1));
      c = f32x4.sub(c, f32x4.mul(v128.load32_splat(f, 24), k1));
      d = f32x4.sub(d, f32x4.mul(v128.load32_splat(f, 28), k1));
      const k2 = v128.load(block, 32);
      a = f32x4.sub(a, f32x4.mul(v128.load32_splat(f, 32), k2));
      b = f32x4.sub(b, f32x4.mul(v128.load32_splat(f, 36), k2));
      c = f32x4.sub(c, f32x4.mul(v128.load32_splat(f, 40), k2));
      d = f32x4.sub(d, f32x4.mul(v128.load32_splat(f, 44), k2));
      const k3 = v128.load(block, 48);
      a = f32x4.sub(a, f32x4.mul(v128.load32_splat(f, 48), k3));
      b = f32x4.sub(b, f32x4.mul(v128.load32_splat(f, 52), k3));
      c = f32x4.sub(c, f32x4.mul(v128.load32_splat(f, 56), k3));
      d = f32x4.sub(d, f32x4.mul(v128.load32_splat(f, 60), k3));
      block += step;
      step -= 64;
    }
    v128.store(row, a);
    v128.store(row, b, 16);
    v128.store(row, c, 32);
    v128.store(row, d, 48);
    row += 64;
  }
}

/**
 * Eliminates within a row panel of `bytes`, which begins with its diagonal block; `at` is its offset in floors and
 * inverses.
 */
function factorPanel(row: usize, bytes: usize, at: usize): void {
  const floor = floors + at;
  const inverse = inverses + at;
  const d0 = inverseOf(load<f32>(row), load<f32>(floor));
  const f1 = load<f32>(row, 4) * d0;
  const f2 = load<f32>(row, 8) * d0;
  const f3 = load<f32>(row, 12) * d0;
  const d1 = inverseOf(load<f32>(row, 20) - f1 * load<f32>(row, 4), load<f32>(floor, 4));
  const e2 = load<f32>(row, 24) - f1 * load<f32>(row, 8);
  const e3 = load<f32>(row, 28) - f1 * load<f32>(row, 12);
  const g2 = e2 * d1;
  const g3 = e3 * d1;
  const d2 = inverseOf(load<f32>(row, 40) - f2 * load<f32>(row, 8) - g2 * e2, load<f32>(floor, 8));
  const h3e = load<f32>(row, 44) - f2 * load<f32>(row, 12) - g2 * e3;
  const h3 = h3e * d2;
  const d3 = inverseOf(load<f32>(row, 60) - f3 * load<f32>(row, 12) - g3 * e3 - h3 * h3e, load<f32>(floor, 12));
  store<f32>(inverse, d0);
  store<f32>(inverse, d1, 4);
  store<f32>(inverse, d2, 8);
  store<f32>(inverse, d3, 12);
  const m1 = f32x4.splat(f1);
  const m2 = f32x4.splat(f2);
  const m3 = f32x4.splat(f3);
  const n2 = f32x4.splat(g2);
  const n3 = f32x4.splat(g3);
  const o3 = f32x4.splat(h3);
  const end = row + bytes;
  for (; row < end; row += 64) {
    const a = v128.load(row);
    const b = f32x4.sub(v128.load(row, 16), f32x4.mul(m1, a));
    const c = f32x4.sub(f32x4.sub(v128.load(row, 32), f32x4.mul(m2, a)), f32x4.mul(n2, b));
    const d = f32x4.sub(f32x4.sub(f32x4.sub(v128.load(row, 48), f32x4.mul(m3, a)), f32x4.mul(n3, b)), f32x4.mul(o3, c));
    v128.store(row, b, 16);
    v128.store(row, c, 32);
    v128.store(row, d, 48);
  }
}

function inverseOf(pivot: f32, floor: f32): f32 {
  return pivot > floor ? 1 / pivot : 0;
}

/**
 * Substitutes back from row n - 1 up, column n being the target: z as from `solve`. `end` is the address after the triangle
 * that was eliminated last.
 */
export function substitute(end: usize, n: i32, panels: i32, z: usize): void {
  memory.fill(z, 0, (<usize>panels) << 4);
  store<f32>(z + ((<usize>n) << 2), -1);
  let row = end;
  for (let p = panels - 1; p >= 0; p--) {
    row -= (<usize>(panels - p)) << 6;
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let block = row + 64;
    for (let v = p + 1; v < panels; v++) {
      const known = v128.load(z + ((<usize>v) << 4));
      a = f32x4.add(a, f32x4.mul(v128.load(block), known));
      b = f32x4.add(b, f32x4.mul(v128.load(block, 16), known));
      c = f32x4.add(c, f32x4.mul(v128.load(block, 32), known));
      d = f32x4.add(d, f32x4.mul(v128.load(block, 48), known));
      block += 64;
    }
    const own = z + ((<usize>p) << 4);
    const inverse = inverses + ((<usize>p) << 4);
    const i = 4 * p;
    // The known values of this panel: the target's -1 if it is here, else zeros.
    if (i + 3 < n) store<f32>(own, -laneSum(d) * load<f32>(inverse, 12), 12);
    if (i + 2 < n) {
      const s = laneSum(c) + load<f32>(row, 44) * load<f32>(own, 12);
      store<f32>(own, -s * load<f32>(inverse, 8), 8);
    }
    if (i + 1 < n) {
      const s = laneSum(b) + load<f32>(row, 28) * load<f32>(own, 12) + load<f32>(row, 24) * load<f32>(own, 8);
      store<f32>(own, -s * load<f32>(inverse, 4), 4);
    }
    if (i < n) {
      const s =
        laneSum(a) +
        load<f32>(row, 12) * load<f32>(own, 12) +
        load<f32>(row, 8) * load<f32>(own, 8) +
        load<f32>(row, 4) * load<f32>(own, 4);
      store<f32>(own, -s * load<f32>(inverse));
    }
  }
}

/** Returns the sum of z_i v_i over 4 * panels elements. */
export function dot(z: usize, v: usize, panels: i32): f32 {
  const bytes = (<usize>panels) << 4;
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(z + i), v128.load(v + i)));
  return laneSum(sum);
}

/** Returns (lane 0 + lane 2) + (lane 1 + lane 3). */
export function laneSum(lanes: v128): f32 {
  const pairs = f32x4.add(lanes, v128.shuffle<u32>(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}
