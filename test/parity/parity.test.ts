import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ByteRange, concatBytes } from '#pixrnn/bytes.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { hasParity, protect, readProtected, trailerOf } from '#pixrnn/parity/parity.js';
import { generator } from '../../fixtures/draw.js';
import { damaged, DAMAGES, isWithinBudget } from './bursts.js';
import { documentedFile } from './documented-parity.js';

function randomBytes(length: number, seed = 1): Uint8Array {
  const next = generator(seed);
  return Uint8Array.from({ length }, () => 256 * next());
}

const SIZES = [1, 15, 16, 17, 30, 300, 1000, 4097, 20_000, 131_072];

for (const length of SIZES) {
  test(`a sound file of ${length} bytes is read as it is`, () => {
    for (const percent of [1, 5, 50]) {
      const file = randomBytes(length);
      const bytes = protect(file, percent);
      const found = readProtected(bytes);
      assert.ok(found?.isWhole);
      assert.deepEqual(found.file, file);
      assert.deepEqual(found.damage, { damaged: [], lost: [], damagedPackets: 0, extraBytes: 0, lacksChecks: false });
      assert.deepEqual(trailerOf(found), bytes.subarray(length));
      const { packets, blockBytes, blocks } = found.geometry;
      assert.ok(packets >= 2 && packets * blockBytes >= (percent / 100) * length, 'parity has the wanted size');
      assert.ok(packets <= Math.max(2, (percent / 100) * blocks + found.geometry.stripes), 'and hardly more');
    }
  });
}

const thousandths = fc.integer({ min: 0, max: 1000 });
const damages = fc.record({
  length: fc.constantFrom(...SIZES.filter((size) => size < 5000), 12_000),
  percent: fc.constantFrom(1, 5, 20, 50),
  how: fc.constantFrom(...DAMAGES),
  bursts: fc.array(fc.record({ at: thousandths, share: thousandths }), { minLength: 1, maxLength: 4 }),
  seed: fc.integer(),
});

test('damage is restored if and only if enough is left, also by an implementation of the document', () => {
  const counts = { restored: 0, lost: 0 };
  fc.assert(
    fc.property(damages, ({ length, percent, how, bursts, seed }) => {
      const file = randomBytes(length, seed);
      const bytes = protect(file, percent);
      const { geometry } = readProtected(bytes)!;
      const ranges = bursts.map(({ at, share }): ByteRange => {
        const start = Math.floor((at / 1000) * (bytes.length - 1));
        return {
          start,
          end: Math.min(bytes.length, start + 1 + Math.floor((share / 1000) * geometry.packets * geometry.blockBytes)),
        };
      });
      const bad = damaged(bytes, ranges, how, generator(seed));
      const found = readProtected(bad);
      const [own, documented] = [found?.isWhole ? found.file : null, documentedFile(bad)];
      if (isWithinBudget(geometry, ranges)) {
        assert.deepEqual(own, file);
        assert.deepEqual(concatBytes([file, trailerOf(found!)]), bytes, 'the whole file is restored');
      } else if (how === 'flipped') assert.notDeepEqual(own, file); // other damage may leave a byte as it is
      assert.deepEqual(documented && new Uint8Array(documented), own);
      counts[own ? 'restored' : 'lost']++;
    }),
    { numRuns: 200, endOnFailure: true },
  );
  assert.ok(counts.restored > 50 && counts.lost > 50, JSON.stringify(counts));
});

test('the damage that the document promises to restore is restored', () => {
  const next = generator(5);
  for (const [length, percent] of [
    [3000, 50],
    [20_000, 5],
    [200_000, 5],
    [400_000, 20],
  ] as const) {
    const file = randomBytes(length);
    const bytes = protect(file, percent);
    const { blockBytes, parityBlocks: m, packets, stripes } = readProtected(bytes)!.geometry;
    for (let run = 0; run < 8; run++) {
      const burst = (packets - 1) * blockBytes;
      const start = Math.floor(next() * (length - burst));
      const one = damaged(bytes, [{ start, end: start + burst }], 'flipped', next);
      assert.ok(readProtected(one)?.isWhole, `a burst of ${burst} bytes at ${start} of ${length}`);
      const places = Array.from({ length: Math.floor(stripes >= 2 ? (2 * m) / 3 : m / 3) }, () => {
        const at = Math.floor(next() * (bytes.length - blockBytes));
        return { start: at, end: at + blockBytes };
      });
      const many = damaged(bytes, places, 'flipped', next);
      assert.ok(readProtected(many)?.isWhole, `${places.length} places of ${length}`);
    }
  }
});

test('a truncated trailer is restored, and bytes after it are ignored', () => {
  const file = randomBytes(20_000);
  const bytes = protect(file, 10);
  const { packetBytes } = readProtected(bytes)!.geometry;
  for (const cut of [1, packetBytes, 3 * packetBytes + 5]) {
    const start = 7000;
    const bad = damaged(bytes, [{ start, end: start + 300 }], 'zeroed', Math.random).subarray(0, bytes.length - cut);
    const found = readProtected(bad)!;
    assert.deepEqual([found.isWhole, found.damage.damagedPackets], [true, Math.ceil(cut / packetBytes)]);
    assert.deepEqual(concatBytes([found.file, trailerOf(found)]), bytes);
  }
  const longer = readProtected(concatBytes([bytes, new Uint8Array(5000)]))!;
  assert.deepEqual([longer.isWhole, longer.damage.extraBytes, longer.file], [true, 5000, file]);
  assert.equal(readProtected(bytes.subarray(0, file.length + packetBytes - 1)), null, 'no packet is left');
});

test('blocks and packets in the place of others are damage', () => {
  const file = randomBytes(20_000);
  const bytes = protect(file, 10);
  const { blockBytes, packetBytes } = readProtected(bytes)!.geometry;
  const bad = bytes.slice();
  bad.copyWithin(3 * blockBytes, 9 * blockBytes, 10 * blockBytes);
  bad.copyWithin(file.length, file.length + packetBytes, file.length + 2 * packetBytes);
  const found = readProtected(bad)!;
  assert.deepEqual([found.isWhole, found.damage.damaged, found.damage.damagedPackets], [true, [3], 1]);
  assert.deepEqual(found.file, file);
});

test('a stripe with too much damage is left as it is, and the others are restored', () => {
  const file = randomBytes(300_000);
  const bytes = protect(file, 5);
  const { blockBytes, stripes, parityBlocks } = readProtected(bytes)!.geometry;
  assert.equal(stripes, 2);
  const blocks = Array.from({ length: parityBlocks + 1 }, (_, i) => 4 * i);
  const ranges = [...blocks, 1].map((block) => ({ start: block * blockBytes, end: block * blockBytes + 1 }));
  const found = readProtected(damaged(bytes, ranges, 'flipped', Math.random))!;
  assert.equal(found.isWhole, false);
  assert.deepEqual(found.damage.lost, blocks);
  assert.deepEqual(found.damage.damaged, [0, 1, ...blocks.slice(1)]);
  assert.deepEqual(found.file[blockBytes], file[blockBytes]);
  assert.equal(found.file[0], file[0]! ^ 0xff);
});

test('files without a trailer have none', () => {
  for (const length of [0, 1, 21, 22, 23, 5000]) assert.equal(hasParity(randomBytes(length)), false);
  const file = protect(randomBytes(500), 5);
  const shifted = concatBytes([new Uint8Array(1), file]);
  assert.equal(hasParity(shifted), false, 'a trailer at another position');
});

test('invalid percentages are rejected', () => {
  for (const percent of [0, 51, 2.5, -1, NaN, Infinity, '5' as unknown as number]) {
    assert.throws(
      () => protect(new Uint8Array(10), percent),
      (error) => error instanceof PixrnnError && error.code === 'usage',
    );
  }
});

test('a damaged Buffer is not changed', () => {
  const bad = Buffer.from(protect(randomBytes(3000), 10));
  bad.fill(0, 100, 200);
  const before = Uint8Array.from(bad);
  assert.ok(readProtected(bad)?.isWhole);
  assert.deepEqual(Uint8Array.from(bad), before);
});

test('the example of the document is a trailer', () => {
  const page = readFileSync(new URL('../../../docs/format/parity.md', import.meta.url), 'utf8');
  const [, dump = ''] = /^## Example\n.*?^```\n(.*?)^```/ms.exec(page) ?? [];
  const hex = dump.split('\n').map((line) => line.split('  ')[0]!);
  const trailer = new Uint8Array(Buffer.from(hex.join('').replaceAll(' ', ''), 'hex'));
  const file = Uint8Array.from({ length: 20 }, (_, i) => i);
  assert.deepEqual(concatBytes([file, trailer]), protect(file, 5));
});
