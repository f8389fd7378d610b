import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { blockSamples } from '#pixrnn/jpeg/idct.js';
import { parseJpeg } from '#pixrnn/jpeg/parse-jpeg.js';
import { WHOLE } from '../../fixtures/decoded-jpeg.js';
import { samplesOfBlocks } from '#pixrnn/origin/dct/samples-of-blocks.js';
import { ORIGINS } from '#pixrnn/origin/origins.js';
import { drawnImage } from './drawn-pixels.js';

const [, FULL, , , CENTRED] = ORIGINS;

for (const [name, origin, chromaSubsampling] of [
  ['gray', null, '4:4:4'],
  ['4:4:4', FULL!, '4:4:4'],
  ['4:2:0', CENTRED!, '4:2:0'],
] as const) {
  test(`samples of coefficients are those that libjpeg-turbo decodes, ${name}`, async () => {
    for (const quality of [30, 75, 100]) {
      const size = { width: 61, height: 43 };
      const drawn = drawnImage(size.width, size.height, origin === null ? 1 : 3);
      const file = await drawn.jpeg({ quality, chromaSubsampling, mozjpeg: false }).toBuffer();
      const { image } = parseJpeg(new Uint8Array(file), { maxPixels: 1e6 });
      const decoded = await sharp(file)
        .toColourspace(origin === null ? 'b-w' : 'srgb')
        .raw()
        .toBuffer();
      assert.deepEqual(samplesOfBlocks({ origin, place: WHOLE, image }, size), new Uint8Array(decoded), `${quality}`);
    }
  });
}

test('coefficients that no encoder writes have samples, too', () => {
  const samples = new Uint8Array(64);
  const target = { samples, at: 0, stride: 8 };
  const steps = new Uint16Array(64).fill(255);
  blockSamples(new Int16Array(64).fill(32_767), 0, steps, target);
  // As 32-bit integers that wrap, by an implementation of the formulas in docs/format/origins.md with BigInt.
  assert.deepEqual(samples, documentedSamples(new Int16Array(64).fill(32_767), steps));
  const mixed = Int16Array.from({ length: 64 }, (_, k) => ((k * 12_345) % 65_536) - 32_768);
  blockSamples(mixed, 0, steps, target);
  assert.deepEqual(samples, documentedSamples(mixed, steps));
});

function documentedSamples(coefficients: Int16Array, steps: Uint16Array): Uint8Array {
  const wrap = (value: bigint): bigint => BigInt.asIntN(32, value);
  const block = Array.from(coefficients, (coefficient, k) => wrap(BigInt(coefficient) * BigInt(steps[k]!)));
  const transform = (at: readonly number[], shift: bigint): void => {
    const [c0, c1, c2, c3, c4, c5, c6, c7] = at.map((i) => block[i]!) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]; // prettier-ignore
    const z = (c2 + c6) * 4433n;
    const [l, h] = [z - c6 * 15137n, z + c2 * 6270n];
    const [s, d] = [(c0 + c4) * 8192n, (c0 - c4) * 8192n];
    const a = (c7 + c3 + c5 + c1) * 9633n;
    const [z1, z2] = [-(c7 + c1) * 7373n, -(c5 + c3) * 20995n];
    const [z3, z4] = [a - (c7 + c3) * 16069n, a - (c5 + c1) * 3196n];
    const [o3, o2] = [c7 * 2446n + z1 + z3, c5 * 16819n + z2 + z4];
    const [o1, o0] = [c3 * 25172n + z2 + z3, c1 * 12299n + z1 + z4];
    const sums = [s + h + o0, d + l + o1, d - l + o2, s - h + o3, s - h - o3, d - l - o2, d + l - o1, s + h - o0];
    sums.forEach((sum, i) => (block[at[i]!] = wrap(sum + (1n << (shift - 1n))) >> shift));
  };
  const eight = [0, 1, 2, 3, 4, 5, 6, 7];
  for (const u of eight) transform(eight.map((v) => 8 * v + u), 11n); // prettier-ignore
  for (const y of eight) transform(eight.map((x) => 8 * y + x), 18n); // prettier-ignore
  return Uint8Array.from(block, (value) => Math.max(0, Math.min(255, Number(value) + 128)));
}
