/**
 * The 8x8 discrete cosine transform in f32. Both directions are two products of 8x8 matrices; each element of a product
 * is a chain of additions from 0 in the order of the inner index. That order is part of the format.
 */

/** cosines[u][x] = c(u) cos((2 x + 1) u pi / 16), c(0) = sqrt(1/8), c(u) = 1/2; f32[8][8]. */
const cosines: usize = memory.data<f32>(
  [
    0.35355338, 0.35355338, 0.35355338, 0.35355338, 0.35355338, 0.35355338, 0.35355338, 0.35355338, 0.49039263,
    0.4157348, 0.2777851, 0.09754516, -0.09754516, -0.2777851, -0.4157348, -0.49039263, 0.46193975, 0.19134171,
    -0.19134171, -0.46193975, -0.46193975, -0.19134171, 0.19134171, 0.46193975, 0.4157348, -0.09754516, -0.49039263,
    -0.2777851, 0.2777851, 0.49039263, 0.09754516, -0.4157348, 0.35355338, -0.35355338, -0.35355338, 0.35355338,
    0.35355338, -0.35355338, -0.35355338, 0.35355338, 0.2777851, -0.49039263, 0.09754516, 0.4157348, -0.4157348,
    -0.09754516, 0.49039263, -0.2777851, 0.19134171, -0.46193975, 0.46193975, -0.19134171, -0.19134171, 0.46193975,
    -0.46193975, 0.19134171, 0.09754516, -0.2777851, 0.4157348, -0.49039263, 0.49039263, -0.4157348, 0.2777851,
    -0.09754516,
  ],
  16,
);
const transposed: usize = memory.data(256, 16);
const product: usize = memory.data(256, 16);

/** Fills the transposed table; called once before the first transform. */
export function startTransforms(): void {
  for (let u: usize = 0; u < 8; u++) {
    for (let x: usize = 0; x < 8; x++) {
      store<f32>(transposed + ((x * 8 + u) << 2), load<f32>(cosines + ((u * 8 + x) << 2)));
    }
  }
}

/** Transforms coefficients, f32[8 v][8 u], to samples, f32[8 y][8 x]. */
export function toSamples(coefficients: usize, samples: usize): void {
  multiply(coefficients, cosines, product);
  multiply(transposed, product, samples);
}

/** Transforms samples to coefficients. */
export function toCoefficients(samples: usize, coefficients: usize): void {
  multiply(cosines, samples, product);
  multiply(product, transposed, coefficients);
}

/** Sets to = a b, all f32[8][8], 16-byte aligned; `to` is neither a nor b. */
function multiply(a: usize, b: usize, to: usize): void {
  for (const end = a + 256; a < end; a += 32, to += 32) {
    let low = f32x4.splat(0);
    let high = low;
    for (let k: usize = 0; k < 8; k++) {
      const factor = v128.load32_splat(a + (k << 2));
      low = f32x4.add(low, f32x4.mul(factor, v128.load(b + (k << 5))));
      high = f32x4.add(high, f32x4.mul(factor, v128.load(b + (k << 5), 16)));
    }
    v128.store(to, low);
    v128.store(to, high, 16);
  }
}
