const SIDE = 8;

/**
 * sqrt(1/8), and cos(k pi / 16) / 2 for k = 1 .. 7. Math.cos may differ in the last place from engine to engine, and all
 * must write the same file.
 */
const HALF_COSINES = [
  0.3535533905932738, 0.4903926402016152, 0.46193976625564337, 0.4157348061512726, 0.3535533905932738,
  0.27778511650980114, 0.19134171618254492, 0.09754516100806417,
] as const;

/** [u][x]: c(u) cos((2 x + 1) u pi / 16), c(0) = sqrt(1/8), else 1/2: an orthogonal matrix. */
const COSINES = Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
  const angle = ((2 * (i & 7) + 1) * (i >> 3)) % 32; // in steps of pi / 16
  const folded = angle > 16 ? 32 - angle : angle;
  if (folded === 8) return 0;
  return folded > 8 ? -HALF_COSINES[16 - folded]! : HALF_COSINES[folded]!;
});
const half = new Float64Array(SIDE * SIDE);

/**
 * Transforms 64 samples to their DCT coefficients, [8 v][8 u], as real numbers: those of JPEG before quantisation if the
 * samples are centred.
 */
export function forwardTransform(samples: Float64Array, coefficients: Float64Array): void {
  for (let y = 0; y < 64; y += SIDE) {
    for (let u = 0; u < SIDE; u++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += COSINES[SIDE * u + x]! * samples[y + x]!;
      half[y + u] = sum;
    }
  }
  for (let v = 0; v < SIDE; v++) {
    for (let u = 0; u < SIDE; u++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += COSINES[SIDE * v + y]! * half[SIDE * y + u]!;
      coefficients[SIDE * v + u] = sum;
    }
  }
}

/** Sample x of the line whose coefficient u alone is 1. */
export function basisSample1d(u: number, x: number): number {
  return COSINES[SIDE * u + x]!;
}

/** The sample at (x, y) of the block whose coefficient k alone is 1. */
export function basisSample(k: number, x: number, y: number): number {
  return COSINES[SIDE * (k >> 3) + y]! * COSINES[SIDE * (k & 7) + x]!;
}

/** Transforms DCT coefficients to samples, real numbers. */
export function inverseTransform(coefficients: Float64Array, samples: Float64Array): void {
  for (let v = 0; v < SIDE; v++) {
    for (let x = 0; x < SIDE; x++) {
      let sum = 0;
      for (let u = 0; u < SIDE; u++) sum += COSINES[SIDE * u + x]! * coefficients[SIDE * v + u]!;
      half[SIDE * v + x] = sum;
    }
  }
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let sum = 0;
      for (let v = 0; v < SIDE; v++) sum += COSINES[SIDE * v + y]! * half[SIDE * v + x]!;
      samples[SIDE * y + x] = sum;
    }
  }
}
