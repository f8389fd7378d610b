import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ByteRange, concatBytes, equalBytes } from '#pixrnn/bytes.js';
import { protect, readProtected, trailerOf } from '#pixrnn/parity/parity.js';
import { generator } from '../../fixtures/draw.js';
import { damaged, DAMAGES, isWithinBudget } from './bursts.js';

/** Sizes of files, percentages, and numbers of runs: 1,000 altogether. */
const CASES = [
  { length: 300, percent: 5, runs: 300 },
  { length: 3000, percent: 20, runs: 300 },
  { length: 40_000, percent: 10, runs: 200 },
  { length: 150_000, percent: 1, runs: 80 },
  { length: 400_000, percent: 5, runs: 60 },
  { length: 1_000_000, percent: 5, runs: 40 },
  { length: 2_000_000, percent: 10, runs: 15 },
  { length: 6_000_000, percent: 5, runs: 5 },
] as const;
/** Lengths of bursts: a bit or two, sectors of disks and pages of flash memory, and longer runs. */
const LENGTHS = [1, 37, 512, 4096, 16_384, 65_536];

function randomBytes(next: () => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => 256 * next());
}

/** Returns random bursts, at least one, half of them aligned like sectors; usually as many as the budget allows, and `beyond` with one more. */
function bursts(
  bytes: Uint8Array,
  next: () => number,
  fits: (ranges: readonly ByteRange[]) => boolean,
): { within: ByteRange[]; beyond: ByteRange[] } {
  const within: ByteRange[] = [];
  for (;;) {
    const length = Math.min(bytes.length, LENGTHS[Math.floor(next() * LENGTHS.length)]!);
    const at = Math.floor(next() * (bytes.length - length));
    const start = next() < 0.5 ? at : at - (at % Math.min(length, 4096));
    const beyond = [...within, { start, end: start + length }];
    if (!fits(beyond)) {
      if (within.length === 0) continue;
      return { within, beyond };
    }
    within.push(beyond.at(-1)!);
    if (next() < 0.02) return { within, beyond: [] };
  }
}

for (const [i, { length, percent, runs }] of CASES.entries()) {
  test(`${runs} times random bursts in ${length} bytes with ${percent} % of parity`, (context) => {
    const next = generator(100 + i);
    const file = randomBytes(next, length);
    const bytes = protect(file, percent);
    const { geometry } = readProtected(bytes)!;
    const counts = { bursts: 0, damagedBytes: 0, blocks: 0, refused: 0 };
    for (let run = 0; run < runs; run++) {
      const { within, beyond } = bursts(bytes, next, (ranges) => isWithinBudget(geometry, ranges));
      const how = DAMAGES[run % DAMAGES.length]!;
      const found = readProtected(damaged(bytes, within, how, next));
      assert.ok(found?.isWhole, JSON.stringify({ run, how, within }));
      assert.ok(equalBytes(concatBytes([found.file, trailerOf(found)]), bytes), 'byte for byte');
      counts.bursts += within.length;
      counts.damagedBytes += within.reduce((sum, { start, end }) => sum + end - start, 0);
      counts.blocks += found.damage.damaged.length + found.damage.damagedPackets;
      if (beyond.length === 0) continue;
      const more = readProtected(damaged(bytes, beyond, 'flipped', next));
      assert.ok(!more?.isWhole, JSON.stringify({ run, beyond }));
      counts.refused++;
    }
    assert.ok(counts.bursts >= runs && counts.refused > 0, JSON.stringify(counts));
    context.diagnostic(JSON.stringify({ ...counts, parityBlocks: geometry.packets }));
  });
}
