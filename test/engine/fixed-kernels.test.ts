import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixed, scaleOf } from './photo-reference.js';
import { TestingEngine, noise, randomFrom } from './testing-engine.js';

interface KernelExports {
  fixedGemm(
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    c: number,
    cStride: number,
    rows: number,
    pairs: number,
    columns: number,
    unit: number,
    accumulate: boolean,
  ): void;
  fixedDense(x: number, pairs: number, w: number, width: number, from: number, y: number, unit: number): void;
  toFixed(from: number, to: number, count: number, scale: number): void;
  fixedScale(values: number, rows: number, columns: number, largest: number): number;
  pairRows(from: number, rows: number, columns: number, to: number): void;
}

const engine = new TestingEngine();
const kernels = engine.exports as unknown as KernelExports;

/** Integers as large as products allow: half of them at the limits. */
function integerNoise(count: number, largest: number, seed: number): Int16Array {
  const random = randomFrom(seed);
  return Int16Array.from({ length: count }, () => {
    const size = random() < 0.5 ? largest : Math.floor(largest * random());
    return random() < 0.5 ? -size : size;
  });
}

/** i16[rows][columns], interleaved in pairs of rows, as `pairRows` writes them. */
function paired(values: Int16Array, columns: number): Int16Array {
  return values.map(
    (_, i) => values[(2 * Math.floor(i / (2 * columns)) + (i % 2)) * columns + ((i >> 1) % columns)] ?? 0,
  );
}

describe('integer products', () => {
  it('round to the nearest, half to even, within 15 bits', () => {
    const ends = [0.5, 1.5, -0.5, -2.5, 16383.4, 1e9, -1e9, Infinity, -Infinity, 1e-30, -0, 0.49999997];
    const values = Float32Array.from([...ends, ...noise(52, 20).map((x) => 2e4 * x)]);
    for (const scale of [1, 256, 2 ** -7]) {
      const to = engine.allocate(2 * values.length);
      kernels.toFixed(engine.put(values), to, values.length, scale);
      assert.deepEqual(
        [...engine.shorts(to, values.length)],
        Array.from(values, (x) => fixed(x, scale) + 0),
      );
    }
    const to = engine.allocate(16);
    kernels.toFixed(engine.put(new Float32Array(8).fill(NaN)), to, 8, 1);
    assert.deepEqual([...engine.shorts(to, 8)], new Array(8).fill(0));
  });

  it('derive the scale from the largest value and the largest column', () => {
    for (const [rows, columns, size] of [
      [1, 8, 1e-9],
      [3, 16, 5],
      [400, 24, 0.3],
    ] as const) {
      const values = noise(rows * columns, rows).map((x) => size * x);
      for (const limit of [8191, 100]) {
        const scale = kernels.fixedScale(engine.put(values), rows, columns, limit);
        assert.equal(scale, scaleOf(values, columns, limit));
      }
    }
    const of = (values: number[]): number =>
      kernels.fixedScale(
        engine.put(Float32Array.from([...values, ...new Array<number>(16).fill(0)]).slice(0, 16)),
        2,
        8,
        8191,
      );
    for (const values of [[], [1e-37], [0, Infinity], [NaN, 3], [3, 0, 0, 0, NaN, 2, NaN, 5], [1e38, 1e38]]) {
      assert.equal(of(values), scaleOf(Float32Array.from(values), 8, 8191), values.join());
    }
    assert.equal(of([]), 2 ** 100);
    assert.equal(of([Infinity]), 2 ** -100);
  });

  it('interleave pairs of rows', () => {
    const values = integerNoise(6 * 24, 16383, 21);
    const to = engine.allocate(2 * values.length);
    kernels.pairRows(engine.put(values), 6, 24, to);
    assert.deepEqual(engine.shorts(to, values.length), paired(values, 24));
  });

  it('are exact matrix products for any size and stride, and write nothing else', () => {
    const [aRow, bRow, cRow] = [24, 32, 36]; // rows of A, columns of B, floats between rows of C
    for (const pairs of [1, 2, 64]) {
      const largest = Math.min(16383, Math.floor(2 ** 31 / 16384 / (2 * pairs)) - 1);
      const a = integerNoise(2 * pairs * aRow, 16383, pairs);
      const b = integerNoise(2 * pairs * bRow, largest, pairs + 100);
      const [aAt, bAt] = [engine.put(paired(a, aRow)), engine.put(paired(b, bRow))];
      const before = noise(16 * cRow, 22);
      for (const rows of [0, 1, 2, 3, 4, 7, 8, 11]) {
        for (const columns of [8, 16, 32]) {
          for (const accumulate of [false, true]) {
            const cAt = engine.put(before);
            kernels.fixedGemm(aAt, 4 * aRow, bAt, 4 * bRow, cAt, 4 * cRow, rows, pairs, columns, 2 ** -20, accumulate);
            const expected = before.map((old, at) => {
              const [i, j] = [Math.floor(at / cRow), at % cRow];
              if (i >= rows || j >= columns) return old;
              let sum = 0;
              for (let k = 0; k < 2 * pairs; k++) sum += (a[k * aRow + i] as number) * (b[k * bRow + j] as number);
              return (accumulate ? old : 0) + Math.fround(sum) * 2 ** -20;
            });
            assert.deepEqual(engine.floats(cAt, before.length).slice(), expected);
          }
        }
      }
    }
  });

  it('are exact up to the largest sum', () => {
    const [x, w] = [new Int16Array(128).fill(16383), new Int16Array(128 * 8).fill(1023)];
    const [xAt, wAt, y] = [engine.put(x), engine.put(w), engine.allocate(32)];
    kernels.fixedDense(xAt, 64, wAt, 8, engine.allocate(32), y, 1);
    assert.deepEqual([...engine.floats(y, 8)], new Array(8).fill(Math.fround(128 * 16383 * 1023)));
  });

  it('are exact for a vector of every width', () => {
    for (const pairs of [1, 5, 64]) {
      const x = integerNoise(2 * pairs, 16383, pairs);
      for (const width of [8, 16, 24, 32, 40, 64, 72, 256]) {
        const w = integerNoise(
          2 * pairs * width,
          Math.min(16383, Math.floor(2 ** 31 / 16384 / (2 * pairs)) - 1),
          width,
        );
        const from = noise(width, 23);
        const y = engine.allocate(4 * width);
        kernels.fixedDense(engine.put(x), pairs, engine.put(paired(w, width)), width, engine.put(from), y, 2 ** -18);
        const expected = from.map((first, j) => {
          const sum = x.reduce((s, value, k) => s + value * (w[k * width + j] as number), 0);
          return first + Math.fround(sum) * 2 ** -18;
        });
        assert.deepEqual(engine.floats(y, width).slice(), expected, `width ${width}`);
      }
    }
  });
});
