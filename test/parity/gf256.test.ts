import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addProduct, inverse, multiply } from '#pixrnn/parity/gf256.js';

/** The product of two polynomials over GF(2), modulo x^8 + x^4 + x^3 + x^2 + 1. */
function product(a: number, b: number): number {
  let sum = 0;
  for (let shifted = a, rest = b; rest > 0; rest >>= 1) {
    if (rest & 1) sum ^= shifted;
    shifted = shifted & 0x80 ? (shifted << 1) ^ 0x11d : shifted << 1;
  }
  return sum;
}

test('products and inverses are those of polynomials', () => {
  for (let a = 0; a < 256; a++) {
    for (let b = 0; b < 256; b++) assert.equal(multiply(a, b), product(a, b), `${a} * ${b}`);
    if (a > 0) assert.equal(product(a, inverse(a)), 1, `1 / ${a}`);
  }
});

test('adds products of all bytes, and zeros after a short source', () => {
  const source = Uint8Array.from({ length: 256 }, (_, i) => i);
  const target = new Uint8Array(300).fill(7);
  addProduct(target, source, 29);
  assert.deepEqual(
    target,
    Uint8Array.from({ length: 300 }, (_, i) => 7 ^ (i < 256 ? product(29, i) : 0)),
  );
});
