import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TestingEngine, TOTAL, randomFrom } from './testing-engine.js';

const engine = new TestingEngine();

function exp(values: ArrayLike<number>): Float32Array {
  const n = Math.ceil(values.length / 4) * 4;
  const input = new Float32Array(n);
  input.set(values);
  const output = engine.allocate(n * 4);
  engine.exports.exponentials(engine.put(input), output, n);
  return engine.floats(output, values.length).slice();
}

/** Runs one row through softmax256 and frequencies256; returns the addresses for the following calls. */
function distribution(logits: ArrayLike<number>) {
  const probabilitiesAt = engine.allocate(1024);
  const sumAt = engine.allocate(4);
  const countsAt = engine.allocate(1024);
  engine.exports.softmaxRows(engine.put(Float32Array.from(logits)), probabilitiesAt, sumAt, 1);
  engine.exports.frequencyRows(probabilitiesAt, sumAt, countsAt, 1);
  return {
    probabilitiesAt,
    countsAt,
    probabilities: engine.floats(probabilitiesAt, 256).slice(),
    sum: engine.floats(sumAt, 1)[0] as number,
    counts: engine.words(countsAt, 256).slice(),
  };
}

function logitsOf(fill: number, changes: Record<number, number> = {}): number[] {
  const logits = new Array<number>(256).fill(fill);
  for (const [k, logit] of Object.entries(changes)) logits[Number(k)] = logit;
  return logits;
}

const extremes: Record<string, number[]> = {
  'all equal': logitsOf(0),
  'all -1e4': logitsOf(-1e4),
  'all +1e30': logitsOf(1e30),
  'one at +1e4': logitsOf(0, { 200: 1e4 }),
  'the last at +1e4': logitsOf(-1e4, { 255: 1e4 }),
  'two at the top': logitsOf(-1e38, { 3: 1e38, 250: 1e38 }),
  'one -Infinity': logitsOf(0, { 0: -Infinity }),
  'all -Infinity': logitsOf(-Infinity),
  'one +Infinity': logitsOf(0, { 100: Infinity }),
  'one NaN': logitsOf(0, { 17: NaN }),
  'all NaN': logitsOf(NaN),
  'a slope': Array.from({ length: 256 }, (_, k) => k / 3),
};

function assertTable(counts: Uint32Array): void {
  let total = 0;
  for (const count of counts) {
    assert.ok(count >= 1 && count <= TOTAL - 255);
    total += count;
  }
  assert.equal(total, TOTAL);
}

/** The format's rule in scalar f32 arithmetic. */
function expectedCounts(probabilities: Float32Array, sum: number): Uint32Array {
  const scale = Math.fround((TOTAL - 256) / sum);
  const counts = Uint32Array.from(probabilities, (e) => Math.trunc(Math.fround(Math.fround(e * scale) + 1.5)));
  const total = counts.reduce((a, b) => a + b, 0);
  const first = counts.indexOf(Math.max(...counts));
  counts[first] = (counts[first] as number) + TOTAL - total;
  return counts;
}

describe('exp4', () => {
  it('is within 1.2e-7 of Math.exp from -80 to 0', () => {
    const random = randomFrom(1);
    const values = Float32Array.from({ length: 400_000 }, (_, i) =>
      i < 100_000 ? (-80 * i) / 100_000 : i < 250_000 ? -80 * random() : -(2 ** (-30 + 36 * random())),
    );
    let worst = 0;
    exp(values).forEach((e, i) => {
      const exact = Math.exp(Math.max(values[i] as number, -80));
      worst = Math.max(worst, Math.abs(e / exact - 1));
    });
    assert.ok(worst < 1.2e-7, `relative error ${worst}`);
  });

  it('is exactly 1 at 0 and the same small normal number from -80 down', () => {
    const [zero, minusZero, lowest, ...below] = exp([0, -0, -80, -80.5, -1e4, -3e38, -Infinity, NaN]);
    assert.equal(zero, 1);
    assert.equal(minusZero, 1);
    assert.ok((lowest as number) > 1.8e-35 && (lowest as number) < 1.81e-35);
    for (const e of below) assert.equal(e, lowest);
  });
});

describe('sigmoid4 and tanh4', () => {
  const over = (kernel: 'sigmoids' | 'tanhs', values: number[]): Float32Array => {
    const output = engine.allocate(4 * values.length);
    engine.exports[kernel](engine.put(Float32Array.from(values)), output, values.length);
    return engine.floats(output, values.length).slice();
  };
  const random = randomFrom(12);
  const arguments_ = Array.from({ length: 200_000 }, (_, i) =>
    Math.fround(i < 100_000 ? 80 * random() - 40 : (i % 2 ? 1 : -1) * 2 ** (-30 + 36 * random())),
  );

  it('are within 1.2e-7 of the formula; the sigmoid also relatively, down to -30', () => {
    const worst = { sigmoid: 0, ratio: 0, tanh: 0 };
    over('sigmoids', arguments_).forEach((s, i) => {
      const x = arguments_[i] as number;
      const exact = 1 / (1 + Math.exp(-x));
      worst.sigmoid = Math.max(worst.sigmoid, Math.abs(s - exact));
      if (x > -30) worst.ratio = Math.max(worst.ratio, Math.abs(s / exact - 1));
    });
    over('tanhs', arguments_).forEach((t, i) => {
      worst.tanh = Math.max(worst.tanh, Math.abs(t - Math.tanh(arguments_[i] as number)));
    });
    assert.ok(worst.sigmoid < 1.2e-7 && worst.ratio < 2.5e-7 && worst.tanh < 1.2e-7, JSON.stringify(worst));
  });

  it('are symmetric, and exact at 0', () => {
    const [half, other] = over('sigmoids', [0, -0, 1, 2]);
    assert.deepEqual([half, other], [0.5, 0.5]);
    const values = arguments_.slice(0, 4096);
    const [there, back] = [values, values.map((x) => -x)].map((list) => over('tanhs', list)) as [
      Float32Array,
      Float32Array,
    ];
    assert.ok(there.every((t, i) => t === 0 || t === -(back[i] as number)));
    assert.equal(over('tanhs', [0, 1, 1, 1])[0], 0);
  });

  it('are finite, normal and within their bounds for any input; NaN gives the minimum', () => {
    const [nan, min, max, low, high] = over('sigmoids', [NaN, -Infinity, Infinity, -30, 3e38, -1e30, 1e-40, -1e-40]);
    assert.equal(nan, min);
    assert.equal(min, low);
    assert.ok((min as number) > 9e-14);
    assert.deepEqual([max, high], [1, 1]);
    const tanhs = over('tanhs', [NaN, -Infinity, Infinity, 1e30, 1e-40, -1e-40, 0, 0]);
    assert.deepEqual([...tanhs.map(Math.abs)], [1, 1, 1, 1, 0, 0, 0, 0]);
    assert.deepEqual([...tanhs.subarray(0, 4)], [-1, -1, 1, 1]);
  });
});

describe('an LSTM step', () => {
  /** o, f, i and g of four features each. */
  const step = (sums: number[], before: Float32Array) => {
    const [cells, state] = [engine.allocate(16), engine.allocate(16)];
    engine.exports.stepCells(engine.put(Float32Array.from(sums)), 4, engine.put(before), cells, state);
    return { cells: engine.floats(cells, 4).slice(), state: engine.floats(state, 4).slice() };
  };

  it('equals the formula', () => {
    const random = randomFrom(4);
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    for (let n = 0; n < 200; n++) {
      const sums = Array.from({ length: 16 }, () => 12 * random() - 6);
      const before = Float32Array.from({ length: 4 }, () => 6 * random() - 3);
      const { cells, state } = step(sums, before);
      for (let k = 0; k < 4; k++) {
        const [o, f, i, g] = [0, 4, 8, 12].map((gate) => sums[gate + k] as number) as [number, number, number, number];
        const cell = sigmoid(f) * (before[k] as number) + sigmoid(i) * Math.tanh(g);
        assert.ok(Math.abs((cells[k] as number) - cell) < 1e-6, 'cell');
        assert.ok(Math.abs((state[k] as number) - sigmoid(o) * Math.tanh(cell)) < 1e-6, 'state');
      }
    }
  });

  it('drives a forgotten cell to 0 without subnormals', () => {
    let cells: Float32Array = Float32Array.of(1, -1, 1e-15, 300);
    for (let n = 0; n < 90; n++) {
      const next = step([0, 0, 0, 0, -1, -0.5, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0], cells);
      for (const v of [...next.cells, ...next.state]) assert.ok(v === 0 || Math.abs(v) > 1e-37, `${v}`);
      cells = next.cells;
    }
    assert.deepEqual([...cells], [0, 0, 0, 0]);
  });

  it('is finite for any sums', () => {
    const extremes = [NaN, Infinity, -Infinity, 3e38, -3e38, 0];
    for (const a of extremes) {
      for (const b of extremes) {
        const sums = Array.from({ length: 16 }, (_, i) => ((i >> 2) % 2 ? a : b));
        const { cells, state } = step(sums, Float32Array.of(1, -1000, 0, 1e-20));
        for (const v of [...cells, ...state]) assert.ok(Number.isFinite(v), `${a} ${b}: ${v}`);
      }
    }
  });
});

describe('exp64x2', () => {
  const exp64 = (values: number[]): Float64Array => {
    const output = engine.allocate(8 * values.length);
    engine.exports.exponentials64(engine.put(Float64Array.from(values)), output, values.length);
    return engine.doubles(output, values.length).slice();
  };

  it('is within 1e-15 of Math.exp from -700 to 700', () => {
    const random = randomFrom(9);
    const values = Array.from({ length: 200_000 }, (_, i) =>
      i < 100_000 ? 1400 * random() - 700 : (i % 2 ? 1 : -1) * 2 ** (-30 + 39 * random()),
    );
    const worst = exp64(values).reduce(
      (max, e, i) => Math.max(max, Math.abs(e / Math.exp(values[i] as number) - 1)),
      0,
    );
    assert.ok(worst < 1e-15, `relative error ${worst}`);
  });

  it('is exactly 1 at 0 and bounded beyond 700', () => {
    const [zero, minusZero, max, min, ...others] = exp64([
      0,
      -0,
      700,
      -700,
      701,
      Infinity,
      1e300,
      -1e9,
      -Infinity,
      NaN,
    ]);
    assert.equal(zero, 1);
    assert.equal(minusZero, 1);
    assert.deepEqual(others, [max, max, max, min, min, min]);
    assert.ok((min as number) > 9e-305);
  });
});

describe('softmax256', () => {
  it('adds in the documented order', () => {
    const random = randomFrom(2);
    for (let i = 0; i < 50; i++) {
      const { probabilities, sum } = distribution(Array.from({ length: 256 }, () => 20 * random() - 10));
      const lanes = [0, 0, 0, 0].map((_, l) => {
        let lane = 0;
        for (let k = l; k < 256; k += 4) lane = Math.fround(lane + (probabilities[k] as number));
        return lane;
      }) as [number, number, number, number];
      assert.equal(sum, Math.fround(Math.fround(lanes[0] + lanes[1]) + Math.fround(lanes[2] + lanes[3])));
    }
  });

  it('agrees with the softmax in doubles', () => {
    const random = randomFrom(3);
    const logits = Float32Array.from({ length: 256 }, () => 30 * random() - 15);
    const { probabilities, sum } = distribution(logits);
    const exact = Array.from(logits, Math.exp);
    const exactSum = exact.reduce((a, b) => a + b, 0);
    probabilities.forEach((e, k) => {
      const share = (exact[k] as number) / exactSum;
      assert.ok(Math.abs(e / sum - share) < 2e-6 * share);
    });
  });

  it('finds the maximum at any position', () => {
    for (let k = 0; k < 256; k++) {
      const { probabilities } = distribution(logitsOf(-3, { [k]: 5 }));
      probabilities.forEach((e, i) => assert.ok(i === k ? e === 1 : e < 4e-4));
    }
  });

  it('is finite, positive and sums to at least 1 for any logits', () => {
    for (const [name, logits] of Object.entries(extremes)) {
      const { probabilities, sum } = distribution(logits);
      assert.ok(sum >= 1 && sum <= 256, name);
      assert.ok(
        probabilities.every((e) => e >= 1.8e-35 && e <= 1),
        name,
      );
    }
  });
});

describe('frequencies256', () => {
  it('gives a valid table for extreme logits', () => {
    for (const logits of Object.values(extremes)) assertTable(distribution(logits).counts);
  });

  it('follows the rule', () => {
    assert.deepEqual(distribution(logitsOf(0)).counts, new Uint32Array(256).fill(TOTAL / 256));
    const certain = new Uint32Array(256).fill(1);
    certain[200] = TOTAL - 255;
    assert.deepEqual(distribution(logitsOf(0, { 200: 1e4 })).counts, certain);
    // Of two equal largest counts, the first receives the remainder.
    const random = randomFrom(4);
    const noise = Array.from({ length: 256 }, () => 12 * random());
    const twin = distribution(noise.map((logit, k) => (k === 100 || k === 203 ? 13 : logit)));
    const rule = expectedCounts(twin.probabilities, twin.sum);
    assert.deepEqual(twin.counts, rule);
    assert.notEqual(rule[100], rule[203]);
  });

  it('equals the scalar rule, sums to 2^22 and has no zero, for any logits', () => {
    const rows = fc.record({
      logits: fc.array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: 256, maxLength: 256 }),
      gain: fc.constantFrom(0, 1e-3, 0.1, 1, 30),
    });
    fc.assert(
      fc.property(rows, ({ logits, gain }) => {
        const { probabilities, sum, counts } = distribution(logits.map((logit) => logit * gain));
        assertTable(counts);
        assert.deepEqual(counts, expectedCounts(probabilities, sum));
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});

describe('cumulative and findSymbol', () => {
  it('are inverse to each other', () => {
    const random = randomFrom(6);
    const rows = [...Object.values(extremes), Array.from({ length: 256 }, () => 15 * random())];
    for (const logits of rows) {
      const { counts, countsAt } = distribution(logits);
      let low = 0;
      for (let k = 0; k < 256; k++) {
        assert.equal(engine.exports.cumulative(countsAt, k), low);
        const count = counts[k] as number;
        for (const target of [low, low + count - 1, low + Math.floor(random() * count)]) {
          assert.equal(engine.exports.findSymbol(countsAt, target), k);
          assert.equal(engine.exports.foundLow(), low);
        }
        low += count;
      }
      assert.equal(engine.exports.cumulative(countsAt, 256), TOTAL);
    }
  });
});

describe('codeLength', () => {
  it('is -log2 of the model’s probability', () => {
    const random = randomFrom(7);
    for (const logits of [...Object.values(extremes), Array.from({ length: 256 }, () => 15 * random())]) {
      const { probabilities, probabilitiesAt, sum } = distribution(logits);
      probabilities.forEach((e, k) => {
        const bits = engine.exports.codeLength(probabilitiesAt, sum, k);
        const exact = -Math.log2((1 - 2 ** -14) * (e / sum) + 2 ** -22);
        assert.ok(Math.abs(bits - exact) < 1e-12 * Math.max(1, exact), `${bits} for ${exact}`);
        assert.ok(bits >= 0 && bits <= 22);
      });
    }
  });

  it("is within a thousandth of the table's cost", () => {
    const random = randomFrom(8);
    const { counts, probabilitiesAt, sum } = distribution(Array.from({ length: 256 }, () => 12 * random()));
    let model = 0;
    let table = 0;
    counts.forEach((count, k) => {
      model += (count / TOTAL) * engine.exports.codeLength(probabilitiesAt, sum, k);
      table += (count / TOTAL) * -Math.log2(count / TOTAL);
    });
    assert.ok(Math.abs(model / table - 1) < 1e-3);
  });
});

describe('build/testing.wasm', () => {
  it('imports nothing and has no relaxed instruction', () => {
    const folder = new URL('../../', import.meta.url);
    assert.deepEqual(
      WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(new URL('testing.wasm', folder)))),
      [],
    );
    assert.doesNotMatch(readFileSync(new URL('testing.wat', folder), 'utf8'), /relaxed|fma|madd/);
  });
});
