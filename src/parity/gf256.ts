/* Arithmetic in GF(2^8): polynomials over GF(2) modulo x^8 + x^4 + x^3 + x^2 + 1. Addition is XOR. */

const POLYNOMIAL = 0x11d;
/** Number of elements other than 0. */
const ORDER = 255;

/** Powers of x, twice in sequence, so that a sum of two logarithms is an index. */
const POWERS = new Uint8Array(2 * ORDER);
const LOGARITHMS = new Uint8Array(ORDER + 1);
/** Products of all pairs: row a has those of a. */
const PRODUCTS = new Uint8Array(2 ** 16);

for (let i = 0, power = 1; i < ORDER; i++) {
  POWERS[i] = POWERS[i + ORDER] = power;
  LOGARITHMS[power] = i;
  power = power & 0x80 ? (power << 1) ^ POLYNOMIAL : power << 1;
}
for (let a = 1; a <= ORDER; a++) {
  for (let b = 1; b <= ORDER; b++) PRODUCTS[(a << 8) | b] = POWERS[logarithm(a) + logarithm(b)] as number;
}

function logarithm(a: number): number {
  return LOGARITHMS[a] as number;
}

export function multiply(a: number, b: number): number {
  return PRODUCTS[(a << 8) | b] as number;
}

/** Returns 1 / a. `a` must not be 0. */
export function inverse(a: number): number {
  return POWERS[ORDER - logarithm(a)] as number;
}

/** Adds `factor * source` to `target`, byte by byte. A shorter `source` counts as padded with zeros. */
export function addProduct(target: Uint8Array, source: Uint8Array, factor: number): void {
  const products = PRODUCTS.subarray(factor << 8, (factor + 1) << 8);
  for (let i = 0; i < source.length; i++) (target[i] as number) ^= products[source[i] as number] as number;
}
