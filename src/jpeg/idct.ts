/*
 * The inverse DCT of libjpeg's "islow" method (jidctint.c; libjpeg-turbo and its SIMD code give the same samples), after
 * Loeffler, Ligtenberg and Moschytz (1989). All integers have 32 bits and wrap, so that any coefficients have samples.
 */

const BLOCK = 64;
const SIDE = 8;
/** Binary places of the constants, and those that the first pass keeps. */
const CONSTANT_BITS = 13;
const PASS_BITS = 2;
/** The transform of a block is 8 times too large. */
const SCALE_BITS = 3;
const CENTRE = 128;

/** The constants of the algorithm times 2^13, named by their values. */
const F0_298 = 2446;
const F0_390 = 3196;
const F0_541 = 4433;
const F0_765 = 6270;
const F0_899 = 7373;
const F1_175 = 9633;
const F1_501 = 12_299;
const F1_847 = 15_137;
const F1_961 = 16_069;
const F2_053 = 16_819;
const F2_562 = 20_995;
const F3_072 = 25_172;

const work = new Int32Array(BLOCK);

/** Where the samples of a block go: sample (x, y) to `at + y * stride + x`. */
export interface BlockTarget {
  readonly samples: Uint8Array;
  readonly at: number;
  readonly stride: number;
}

/**
 * Writes the 64 samples of a block.
 * @param coefficients quantised, natural order, from index `from` on
 * @param steps the 64 quantisation steps, natural order
 */
export function blockSamples(
  coefficients: Int16Array,
  from: number,
  steps: Uint16Array,
  { samples, at, stride }: BlockTarget,
): void {
  for (let k = 0; k < BLOCK; k++) work[k] = Math.imul(coefficients[from + k]!, steps[k]!);
  for (let x = 0; x < SIDE; x++) transform(x, SIDE, CONSTANT_BITS - PASS_BITS);
  for (let y = 0; y < SIDE; y++) {
    transform(SIDE * y, 1, CONSTANT_BITS + PASS_BITS + SCALE_BITS);
    for (let x = 0; x < SIDE; x++) {
      samples[at + y * stride + x] = Math.max(0, Math.min(255, work[SIDE * y + x]! + CENTRE));
    }
  }
}

/** Transforms the eight numbers of `work` from `at` on, `stride` apart, and divides them by 2^shift, rounding. */
function transform(at: number, stride: number, shift: number): void {
  const input = (i: number): number => work[at + i * stride]!;
  const half = 1 << (shift - 1);
  const [c0, c1, c2, c3] = [input(0), input(1), input(2), input(3)];
  const [c4, c5, c6, c7] = [input(4), input(5), input(6), input(7)];

  const shared = Math.imul(c2 + c6, F0_541);
  const low = shared - Math.imul(c6, F1_847);
  const high = shared + Math.imul(c2, F0_765);
  const sum = (c0 + c4) << CONSTANT_BITS;
  const difference = (c0 - c4) << CONSTANT_BITS;
  const even0 = sum + high + half;
  const even1 = difference + low + half;
  const even2 = difference - low + half;
  const even3 = sum - high + half;

  const all = Math.imul(c7 + c3 + c5 + c1, F1_175);
  const z1 = -Math.imul(c7 + c1, F0_899);
  const z2 = -Math.imul(c5 + c3, F2_562);
  const z3 = all - Math.imul(c7 + c3, F1_961);
  const z4 = all - Math.imul(c5 + c1, F0_390);
  const odd3 = Math.imul(c7, F0_298) + z1 + z3;
  const odd2 = Math.imul(c5, F2_053) + z2 + z4;
  const odd1 = Math.imul(c3, F3_072) + z2 + z3;
  const odd0 = Math.imul(c1, F1_501) + z1 + z4;

  const output = (i: number, value: number): void => void (work[at + i * stride] = value >> shift);
  output(0, even0 + odd0);
  output(1, even1 + odd1);
  output(2, even2 + odd2);
  output(3, even3 + odd3);
  output(4, even3 - odd3);
  output(5, even2 - odd2);
  output(6, even1 - odd1);
  output(7, even0 - odd0);
}
