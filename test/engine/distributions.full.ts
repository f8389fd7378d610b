import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TestingEngine, randomFrom } from './testing-engine.js';

const engine = new TestingEngine();
const paramsAt = engine.allocate(4 * 96);
const cdfAt = engine.allocate(8 * (2 ** 16 + 1));
const logitsAt = engine.allocate(4 * 256);

interface Distribution {
  /** P(value < b), b = 0 .. 2^depth. */
  readonly cdf: Float64Array;
  readonly mean: number;
}

/** Its parameters are in units of 2^(depth - 8 - gain). */
function mixture(params: readonly number[], centre: number, depth: number, gain = 0): Distribution {
  const unit = 2 ** (depth - 8 - gain);
  engine.floats(paramsAt, params.length).set(params);
  const mean = engine.exports.mixtureCdf(paramsAt, params.length / 3, centre, depth, unit, cdfAt);
  return { cdf: engine.doubles(cdfAt, 2 ** depth + 1).slice(), mean };
}

function categorical(logits: readonly number[], centre: number): Distribution {
  engine.floats(logitsAt, 256).set(logits);
  return { mean: engine.exports.categoricalCdf(logitsAt, centre, cdfAt), cdf: engine.doubles(cdfAt, 257).slice() };
}

/**
 * Asserts that the CDF rises strictly from 0 to 1 and that no node of the binary decomposition has probability 0 or 1.
 */
function assertValid({ cdf, mean }: Distribution, what: string): void {
  const values = cdf.length - 1;
  assert.equal(cdf[0], 0, what);
  assert.equal(cdf[values], 1, what);
  for (let b = 0; b < values; b++) assert.ok((cdf[b + 1] as number) > (cdf[b] as number), `${what}: value ${b}`);
  assert.ok(mean >= 0 && mean <= values - 1, `${what}: mean ${mean}`);
  for (let half = values / 2; half >= 1; half /= 2) {
    for (let low = 0; low < values; low += 2 * half) {
      const [below, middle, above] = [low, low + half, low + 2 * half].map((b) => cdf[b] as number) as [
        number,
        number,
        number,
      ];
      const p = (above - middle) / (above - below);
      assert.ok(p > 0 && p < 1, `${what}: node at ${low}`);
    }
  }
}

/** docs/FORMAT.md, "From distributions to decisions", step by step. */
function documentedExp(x: number): number {
  const z = x * 1.4426950408889634 + 6755399441055744;
  const n = z - 6755399441055744;
  const r = x - n * 0.6931471803691238 - n * 1.9082149292705877e-10;
  const r2 = r * r;
  const r4 = r2 * r2;
  const a = 0.16666666666611551 * r + 0.49999999999998324;
  const b = 0.008333333370871507 * r + 0.041666666668136565;
  const c = 0.00019841185234495043 * r + 0.0013888888516212375;
  const d = 2.763499144503793e-6 * r + 2.480193172847852e-5;
  const p = (2.747679440393242e-7 * r4 + (d * r2 + c)) * r4 + (b * r2 + a);
  return (p * r2 + r + 1) * 2 ** n;
}

const within = (low: number, x: number, high: number): number => (x > low ? (x < high ? x : high) : low);

function laneSum(terms: readonly number[]): number {
  const lane = (parity: number): number =>
    terms.filter((_, k) => k % 2 === parity).reduce((sum, term) => sum + term, 0);
  return lane(0) + lane(1);
}

function documentedMixture(params: readonly number[], centre: number, depth: number, gain = 0): Distribution {
  const count = params.length / 3;
  const values = 2 ** depth;
  const unit = 2 ** (depth - 8 - gain);
  const f32 = params.map(Math.fround);
  const logits = f32.slice(0, count).map((a) => within(-1e9, a, 1e9));
  const middles = f32.slice(count, 2 * count).map((u) => within(-1e9, Math.fround(centre) + u * 8 * unit, 1e9) + 0.5);
  const slopes = f32.slice(2 * count).map((t) => documentedExp(-within(-3.5, t + 1, 5.5)) * (1 / unit));
  const exponentials = logits.map((a) => documentedExp(Math.max(-80, a - Math.max(...logits))));
  const scale = (1 - 2 ** -9) / laneSum(exponentials);
  const weights = exponentials.map((w) => w * scale);
  const cdf = Float64Array.from({ length: values + 1 }, (_, b) => {
    if (b === 0 || b === values) return b / values;
    const shares = weights.map((w, k) => {
      const z = ((middles[k] as number) - b) * (slopes[k] as number);
      return w / (1 + documentedExp(Math.min(40, Math.max(-40, z))));
    });
    return laneSum(shares) + (2 ** -9 / values) * b;
  });
  const mean = laneSum(weights.map((w, k) => w * ((middles[k] as number) - 0.5))) * (1 / (1 - 2 ** -9));
  return { cdf, mean: Math.fround(within(0, mean, values - 1)) };
}

/** Uses the engine's exponentials. */
function documentedSoftmax(exponentials: Float32Array, centre: number): Distribution {
  const sums = [0];
  for (let v = 0; v < 256; v++) sums.push((sums[v] as number) + (exponentials[(v - centre) & 255] as number));
  const total = sums[256] as number;
  const cdf = Float64Array.from(sums, (sum, b) => (4194048 * (sum / total) + b) / 4194304);
  const inner = sums.slice(1, 256).reduce((sum, term) => sum + term, 0);
  return { cdf, mean: Math.fround(255 - inner / total) };
}

/** The mixture as docs/FORMAT.md defines it, implemented independently. */
function plainCdf(params: readonly number[], centre: number, depth: number, gain: number): number[] {
  const count = params.length / 3;
  const unit = 2 ** (depth - 8 - gain);
  const shares = params.slice(0, count).map(Math.exp);
  const total = shares.reduce((a, b) => a + b);
  const sigmoid = (b: number, k: number): number => {
    const mean = centre + 8 * unit * (params[count + k] as number);
    const scale = Math.min(5.5, Math.max(-3.5, (params[2 * count + k] as number) + 1));
    return 1 / (1 + Math.exp(-(b - 0.5 - mean) / (unit * Math.exp(scale))));
  };
  return Array.from({ length: 2 ** depth - 1 }, (_, i) => {
    const mixed = shares.reduce((sum, share, k) => sum + (share / total) * sigmoid(i + 1, k), 0);
    return (1 - 2 ** -9) * mixed + (2 ** -9 * (i + 1)) / 2 ** depth;
  });
}

const depths = Array.from({ length: 16 }, (_, i) => i + 1);
/** Gains by which samples of this depth may be scaled up for the model. */
const gainsOf = (depth: number): number[] => [0, 1, 4, 8].filter((gain) => gain === 0 || gain <= depth - 8);
const extremes = [0, -0, 1, -3, 40, -40, 1e4, -1e4, 1e30, -1e30, 3.4e38, -3.4e38, 1e-40, NaN, Infinity, -Infinity];

describe('a mixture of logistics', () => {
  it('equals the formula, and docs/FORMAT.md bit for bit', () => {
    const random = randomFrom(1);
    for (const depth of depths) {
      for (const count of [1, 2, 5, 6, 7, 10, 13, 32]) {
        const params = Array.from({ length: 3 * count }, () => Math.fround(4 * random() - 2));
        const centre = Math.fround(2 ** depth * random());
        for (const gain of gainsOf(depth)) {
          const found = mixture(params, centre, depth, gain);
          assert.deepEqual(found, documentedMixture(params, centre, depth, gain));
          plainCdf(params, centre, depth, gain).forEach((expected, i) => {
            assert.ok(Math.abs((found.cdf[i + 1] as number) - expected) < 1e-13, `depth ${depth}, ${count} components`);
          });
        }
      }
    }
  });

  it('has the mean of its components', () => {
    const { mean } = mixture([0, 0, 1, -1.5, -2, -2], 100.5, 8);
    assert.ok(Math.abs(mean - 98.5) < 1e-4, `${mean}`);
    assert.equal(mixture([0, 50, 0], 100, 8).mean, 255);
    assert.equal(mixture([0, -50, 0], 100, 8).mean, 0);
  });

  for (const depth of depths) {
    it(`rises strictly for any parameters, ${depth} bits`, () => {
      const value = fc.oneof(fc.constantFrom(...extremes), fc.float({ min: -10, max: 10 }));
      const params = fc
        .integer({ min: 1, max: 10 })
        .chain((count) => fc.array(value, { minLength: 3 * count, maxLength: 3 * count }));
      fc.assert(
        fc.property(params, value, (list, centre) => {
          for (const gain of gainsOf(depth)) {
            const first = mixture(list, centre, depth, gain);
            assertValid(first, JSON.stringify(list));
            if (depth <= 8) assert.deepEqual(first, documentedMixture(list, centre, depth));
            mixture([3, -3, 1, 2, 1, 2], 7, 8); // the previous mixture has no influence
            assert.deepEqual(mixture(list, centre, depth, gain), first);
          }
        }),
        { numRuns: depth > 12 ? 15 : depth > 8 ? 60 : 200, seed: depth },
      );
    });
  }

  it('is valid if any one parameter is extreme', () => {
    for (const bad of extremes) {
      for (let i = 0; i < 9; i++) {
        const params = [0.5, -1, 0, 0.1, 1, -2, 0, -1, 1];
        params[i] = bad;
        assertValid(mixture(params, 30, 8), `${bad} as parameter ${i}`);
      }
      assertValid(mixture([0, 0, 0], bad, 8), `${bad} as centre`);
    }
  });
});

describe('a softmax as a distribution over values', () => {
  it('equals the 256-way table, rotated by the centre', () => {
    const random = randomFrom(2);
    for (const centre of [0, 1, 128, 255]) {
      const logits = Array.from({ length: 256 }, () => 20 * random() - 10);
      const { cdf, mean } = categorical(logits, centre);
      const exponentials = Float32Array.from(logits).map((logit) => Math.exp(logit));
      const total = exponentials.reduce((a, b) => a + b);
      let expectedMean = 0;
      for (let v = 0; v < 256; v++) {
        const p = (exponentials[(v - centre) & 255] as number) / total;
        expectedMean += v * p;
        const q = (1 - 2 ** -14) * p + 2 ** -22;
        const found = (cdf[v + 1] as number) - (cdf[v] as number);
        assert.ok(Math.abs(found - q) < 1e-6 * q + 1e-15, `value ${v}: ${found} for ${q}`);
      }
      assert.ok(Math.abs(mean - expectedMean) < 1e-3, `${mean} for ${expectedMean}`);
      const [at, sumAt] = [engine.allocate(1024), engine.allocate(4)];
      engine.exports.softmaxRows(logitsAt, at, sumAt, 1);
      assert.deepEqual({ cdf, mean }, documentedSoftmax(engine.floats(at, 256).slice(), centre));
    }
  });

  it('rises strictly for any logits', () => {
    const logit = fc.oneof(fc.constantFrom(...extremes), fc.float({ min: -90, max: 90 }));
    fc.assert(
      fc.property(fc.array(logit, { minLength: 256, maxLength: 256 }), fc.nat({ max: 255 }), (logits, centre) => {
        const first = categorical(logits, centre);
        assertValid(first, `centre ${centre}`);
        assert.deepEqual(categorical(logits, centre), first);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('a bit as a distribution', () => {
  const bernoulli = (logit: number): Distribution => {
    const mean = engine.exports.bernoulliCdf(logit, cdfAt);
    return { cdf: engine.doubles(cdfAt, 3).slice(), mean };
  };

  it('is a sigmoid of the logit, bit for bit as in docs/FORMAT.md', () => {
    const random = randomFrom(3);
    for (let n = 0; n < 500; n++) {
      const logit = Math.fround((n % 2 ? 80 : 8) * (random() - 0.5));
      const e = documentedExp(logit);
      assert.deepEqual([...bernoulli(logit).cdf], [0, 1 / (1 + e), 1]);
      assert.equal(bernoulli(logit).mean, Math.fround(e / (1 + e)));
      const p = 1 / (1 + Math.exp(-logit));
      assert.ok(Math.abs(1 - (bernoulli(logit).cdf[1] as number) - p) < 1e-15);
    }
  });

  it('rises strictly below 36, and is finite and ordered for any logit', () => {
    for (const logit of [0, -0, 36, -36]) assertValid(bernoulli(logit), `${logit}`);
    for (const logit of extremes) {
      const { cdf, mean } = bernoulli(logit);
      assert.ok((cdf[1] as number) >= 0 && (cdf[1] as number) <= 1 && mean >= 0 && mean <= 1, `${logit}`);
    }
    assert.deepEqual(bernoulli(NaN), bernoulli(-40));
  });
});

describe('at another temperature', () => {
  const at = <T>(temperature: number, make: () => T): T => {
    engine.exports.setTemperature(temperature);
    try {
      return make();
    } finally {
      engine.exports.setTemperature(1);
    }
  };
  const random = randomFrom(5);
  const T = 1.7;

  it('divides logits by it', () => {
    const logits = Array.from({ length: 256 }, () => Math.fround(12 * random() - 6));
    const scaled = logits.map((z) => Math.fround(z * Math.fround(1 / T)));
    assert.deepEqual(
      at(T, () => categorical(logits, 9)),
      categorical(scaled, 9),
    );
    assert.notDeepEqual(categorical(scaled, 9), categorical(logits, 9));
    assert.equal(
      at(T, () => engine.exports.bernoulliCdf(1.5, cdfAt)),
      engine.exports.bernoulliCdf(Math.fround(1.5 * Math.fround(1 / T)), cdfAt),
    );
  });

  it('multiplies the scales of a mixture by it and divides the logits of the weights', () => {
    for (const [depth, gain] of [
      [8, 0],
      [16, 4],
    ] as const) {
      const params = [0.5, -1, 0.25, 0.1, 1, -2, 0, -1, 1].map(Math.fround);
      const other = params.map((v, i) => {
        if (i < 3) return Math.fround(v * Math.fround(1 / T));
        return i < 6 ? v : Math.fround(v + Math.fround(Math.log(T)));
      });
      assert.deepEqual(
        at(T, () => mixture(params, 100, depth, gain)),
        mixture(other, 100, depth, gain),
      );
    }
  });
});
