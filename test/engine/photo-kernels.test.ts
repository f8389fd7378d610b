import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mixtureShare } from './photo-reference.js';
import { TestingEngine, noise, randomFrom } from './testing-engine.js';

interface KernelExports {
  gemm(
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    c: number,
    cStride: number,
    rows: number,
    depth: number,
    columns: number,
    accumulate: boolean,
  ): void;
  transpose(from: number, rows: number, columns: number, to: number): void;
  repeatRow(row: number, width: number, rows: number, count: number): void;
  sumRows(rows: number, width: number, count: number, sums: number): void;
  leakyRelu(from: number, to: number, count: number): void;
  leakyReluBackward(gradient: number, active: number, count: number): void;
  squaredNorm(gradient: number, count: number): number;
  adamUpdate(
    weights: number,
    gradient: number,
    m: number,
    v: number,
    count: number,
    scale: number,
    rate: number,
    beta1: number,
    beta2: number,
    power1: number,
    power2: number,
  ): void;
  mixtureGradient(
    params: number,
    count: number,
    value: number,
    centre: number,
    depth: number,
    unit: number,
    weight: number,
    gradient: number,
  ): number;
}

const engine = new TestingEngine();
const kernels = engine.exports as unknown as KernelExports;

/** Multiplies and adds in order, rounding each step to f32. */
function chain(from: number, a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, k) => Math.fround(sum + Math.fround(x * (b[k] as number))), from);
}

describe('gemm', () => {
  it('adds in the order of the depth for any size and stride, and writes nothing else', () => {
    const [bRow, cRow] = [24, 28]; // floats between rows
    const a = noise(400, 1);
    const b = noise(12 * bRow, 2);
    const before = noise(16 * cRow, 3);
    const [aAt, bAt] = [engine.put(a), engine.put(b)];
    const check = (aRow: number, rows: number, columns: number, depth: number, accumulate: boolean): void => {
      const cAt = engine.put(before);
      kernels.gemm(aAt, 4 * aRow, bAt, 4 * bRow, cAt, 4 * cRow, rows, depth, columns, accumulate);
      const ks = Array.from({ length: depth }, (_, k) => k);
      const expected = before.map((old, at) => {
        const [i, j] = [Math.floor(at / cRow), at % cRow];
        if (i >= rows || j >= columns) return old;
        const factors = ks.map((k) => a[k * aRow + i] as number);
        const column = ks.map((k) => b[k * bRow + j] as number);
        return chain(accumulate ? old : 0, factors, column);
      });
      assert.deepEqual(engine.floats(cAt, before.length).slice(), expected);
    };
    for (const aRow of [17, 3]) {
      for (const rows of [0, 1, 2, 3, 4, 5, 7, 8, 11]) {
        for (const columns of [4, 8, 12, 20]) {
          for (const depth of [0, 1, 12]) {
            for (const accumulate of [false, true]) check(aRow, rows, columns, depth, accumulate);
          }
        }
      }
    }
  });
});

describe('the small kernels for learning', () => {
  it('transpose', () => {
    const [rows, columns] = [8, 12];
    const from = noise(rows * columns, 4);
    const to = engine.allocate(4 * from.length);
    kernels.transpose(engine.put(from), rows, columns, to);
    const expected = from.map((_, i) => from[(i % rows) * columns + Math.floor(i / rows)] as number);
    assert.deepEqual(engine.floats(to, from.length).slice(), expected);
  });

  it('repeat a bias and sum rows in order', () => {
    const [width, count] = [12, 7];
    const rows = noise(width * count, 5);
    const sums = engine.allocate(4 * width);
    kernels.sumRows(engine.put(rows), width, count, sums);
    const expected = Array.from({ length: width }, (_, j) => {
      const column = Array.from({ length: count }, (_, i) => rows[i * width + j] as number);
      return chain(0, column, new Array<number>(count).fill(1));
    });
    assert.deepEqual([...engine.floats(sums, width)], expected);
    const repeated = engine.allocate(4 * width * 3);
    kernels.repeatRow(sums, width, repeated, 3);
    assert.deepEqual([...engine.floats(repeated, 3 * width)], [...expected, ...expected, ...expected]);
  });

  it('compute leaky ReLU and its derivative', () => {
    const x = Float32Array.from([1, -1, 0, -0, 1e30, -1e30, 0.25, -3]);
    const at = engine.put(x);
    kernels.leakyRelu(at, at, 8);
    const slope = Math.fround(0.1);
    const leaky = x.map((v) => (v > 0 ? v : v * slope));
    assert.deepEqual(engine.floats(at, 8).slice(), leaky);
    const gradient = noise(8, 6);
    const gradientAt = engine.put(gradient);
    const integers = engine.put(Int16Array.from([1, -1, 0, 0, 16383, -16383, 64, -77]));
    kernels.leakyReluBackward(gradientAt, integers, 8);
    const expected = gradient.map((g, i) => ((x[i] as number) > 0 ? g : g * slope));
    assert.deepEqual(engine.floats(gradientAt, 8).slice(), expected);
  });
});

describe('Adam', () => {
  const count = 44; // whole steps of 16 and a remainder

  /** Addresses of weights and moments. */
  function state(weights: Float32Array, m: Float32Array, v: Float32Array) {
    return { w: engine.put(weights), m: engine.put(m), v: engine.put(v) };
  }

  it('measures the gradient', () => {
    const gradient = noise(count, 7);
    const expected = gradient.reduce((sum, g) => sum + g * g, 0);
    assert.ok(Math.abs(kernels.squaredNorm(engine.put(gradient), count) / expected - 1) < 1e-6);
    assert.equal(kernels.squaredNorm(engine.put(new Float32Array(count).fill(1e-17)), count), 0);
    assert.equal(kernels.squaredNorm(engine.put(new Float32Array(count).fill(1e30)), count), Infinity);
  });

  it('steps as the plain rule does', () => {
    const weights = noise(count, 8);
    const { w, m, v } = state(weights, new Float32Array(count), new Float32Array(count));
    const plain = Array.from(weights, (weight) => ({ weight, m: 0, v: 0 }));
    const [rate, beta1, beta2, scale] = [2e-4, 0.9, 0.99, 0.5];
    for (let t = 1; t <= 50; t++) {
      const gradient = noise(count, 100 + t).map((g) => 0.01 * g);
      const at = engine.put(gradient);
      kernels.adamUpdate(w, at, m, v, count, scale, rate, beta1, beta2, beta1 ** t, beta2 ** t);
      plain.forEach((p, i) => {
        const g = scale * (gradient[i] as number);
        p.m = beta1 * p.m + (1 - beta1) * g;
        p.v = beta2 * p.v + (1 - beta2) * g * g;
        p.weight -= (rate * (p.m / (1 - beta1 ** t))) / (Math.sqrt(p.v / (1 - beta2 ** t)) + 1e-6);
      });
    }
    const after = engine.floats(w, count);
    plain.forEach(({ weight }, i) => {
      const moved = Math.abs(weight - (weights[i] as number));
      assert.ok(moved > 1e-5);
      assert.ok(Math.abs((after[i] as number) - weight) < 1e-4 * moved + 5e-7);
    });
  });

  it('lets moments decay to zero, not to subnormals', () => {
    const { w, m, v } = state(noise(count, 9), noise(count, 10), noise(count, 11).map(Math.abs));
    const still = engine.put(new Float32Array(count).fill(1e-16));
    for (let t = 0; t < 10_000; t++) {
      kernels.adamUpdate(w, still, m, v, count, 1, 2e-4, 0.9, 0.99, 0, 0);
      if (t % 100 > 0) continue;
      for (const moment of [...engine.floats(m, count), ...engine.floats(v, count)]) {
        assert.ok(moment === 0 || Math.abs(moment) >= 1e-30);
      }
    }
    assert.ok([...engine.floats(m, count), ...engine.floats(v, count)].every((moment) => moment === 0));
  });

  it('stays finite under an infinite gradient, whose scale is 0', () => {
    const { w, m, v } = state(noise(count, 12), noise(count, 13), noise(count, 14).map(Math.abs));
    const infinite = engine.put(
      Float32Array.from({ length: count }, (_, i) => [Infinity, -Infinity, NaN, 1][i % 4] ?? 0),
    );
    kernels.adamUpdate(w, infinite, m, v, count, 0, 2e-4, 0.9, 0.99, 0.9, 0.99);
    for (const list of [w, m, v]) assert.ok(engine.floats(list, count).every(Number.isFinite));
  });
});

describe('mixtureGradient', () => {
  /** Returns the gradient for f32[3 K] and p. */
  function gradientOf(params: ArrayLike<number>, value: number, centre: number, depth: number, gain = 0, weight = 1) {
    const count = params.length / 3;
    const at = engine.allocate(4 * params.length);
    const unit = 2 ** (depth - 8 - gain);
    const paramsAt = engine.put(Float32Array.from(params));
    const p = kernels.mixtureGradient(paramsAt, count, value, centre, depth, unit, weight, at);
    return { p, gradient: [...engine.floats(at, params.length)] };
  }

  it('is the derivative of the code length, at every depth and at both ends', () => {
    const random = randomFrom(15);
    for (let trial = 0; trial < 600; trial++) {
      const depth = [1, 4, 8, 12, 16][trial % 5] as number;
      const top = 2 ** depth - 1;
      const count = 1 + (trial % 10);
      const value = [0, top, Math.floor(top * random()), Math.floor(top * random())][trial % 4] as number;
      const gain = trial % 3 === 0 ? Math.max(0, depth - 8) : 0;
      const unit = 2 ** (depth - 8 - gain);
      const centre = Math.fround(value + unit * (60 * random() - 30));
      const params = Array.from(noise(3 * count, trial), (x, i) =>
        Math.fround(i < count ? 3 * x : i < 2 * count ? 2 * x : 4 * x),
      );
      const { p, gradient } = gradientOf(params, value, centre, depth, gain, 0.01);
      const share = (list: number[]): number => mixtureShare(list, count, value, centre, depth, gain);
      assert.ok(Math.abs(p / share(params) - 1) < 1e-9, `${p} for ${share(params)}`);
      const largest = Math.max(...gradient.map(Math.abs));
      params.forEach((param, i) => {
        const changed = (by: number): number => Math.log(share(params.with(i, param + by)));
        const numeric = (-0.01 * (changed(1e-5) - changed(-1e-5))) / 2e-5;
        assert.ok(Math.abs((gradient[i] as number) - numeric) < 1e-6 * largest + 1e-9, `${gradient[i]} for ${numeric}`);
      });
    }
  });

  it('does not move a log scale that is clamped at a bound', () => {
    const { gradient } = gradientOf([0, 0, 0, 1, -1, 0, 4.6, -4.6, 0], 100, 100, 8);
    assert.equal(gradient[6], 0);
    assert.equal(gradient[7], 0);
    assert.notEqual(gradient[8], 0);
  });

  it('is finite for any parameters', () => {
    const wild = [0, 1e4, -1e4, 1e9, 1e38, -1e38, Infinity, -Infinity, NaN];
    const random = randomFrom(16);
    const any = (): number => wild[Math.floor(wild.length * random())] as number;
    for (let trial = 0; trial < 3000; trial++) {
      const params = Array.from({ length: 3 * (1 + (trial % 5)) }, any);
      const value = [0, 255, 17][trial % 3] as number;
      const { p, gradient } = gradientOf(params, value, 100, 8);
      assert.ok(p > 7e-6 && p <= 1);
      assert.ok(gradient.every(Number.isFinite), `${params.join()}: ${gradient.join()}`);
    }
  });
});
