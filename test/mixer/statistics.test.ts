import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestingEngine, randomFrom } from '../engine/testing-engine.js';

interface StatisticsExports {
  readonly UNIT: WebAssembly.Global;
  readonly contexts: WebAssembly.Global;
  countBin(row: number, bin: number): void;
  massBeforeBin(row: number, bin: number): number;
  configureMixerAlone(channels: number, lean: boolean): number;
  startMixerTile(width: number): void;
  startMixerPixel(x: number, y: number): void;
  startValue(c: number, mean: number, a: number, b: number): void;
  refine(p1: number): number;
  update(bit: number): void;
  skip(bit: number): void;
  setContexts(from: number): void;
  openFirstLines(): void;
  readSlots(node: number, slots: number): void;
  writeSlots(node: number, slots: number): void;
  statesAt(): number;
}

test('three levels of prefix sums equal a histogram', () => {
  const engine = new TestingEngine();
  const wasm = engine.exports as unknown as StatisticsExports;
  const unit = wasm.UNIT.value as number;
  const random = randomFrom(5);
  assert.ok(wasm.configureMixerAlone(3, false) > 0);
  wasm.startMixerTile(1);
  const row = wasm.statesAt();
  const histogram = new Float64Array(511);
  let total = 0;
  for (let n = 0; n < 5000; n++) {
    const bin = n % 3 ? Math.floor(255 + 20 * (random() - random())) : Math.floor(511 * random());
    wasm.countBin(row, bin);
    histogram[bin]! += unit;
    total += unit;
    if (total > 600 * unit) {
      total >>= 1;
      histogram.forEach((mass, i) => (histogram[i] = mass / 2));
    }
    if (n > 100 && n % 61) continue;
    // Each halving rounds three numbers down by up to 1/2, and halves the earlier loss.
    let sum = 0;
    let last = 0;
    for (let b = 0; b <= 511; b++) {
      const mass = wasm.massBeforeBin(row, b);
      assert.ok(mass >= last, `mass before bin ${b} falls`);
      assert.ok(Math.abs(mass - sum) <= 3, `${mass} before bin ${b}, not ${sum}`);
      last = mass;
      sum += histogram[b] ?? 0;
    }
  }
});

test('a slot holds the last value written under its hash, or is new', () => {
  const engine = new TestingEngine();
  const wasm = engine.exports as unknown as StatisticsExports;
  assert.ok(wasm.configureMixerAlone(3, false) > 0);
  wasm.startMixerTile(1);
  const contexts = wasm.contexts.value as number;
  const slots = wasm.statesAt();
  const random = randomFrom(7);
  const hashes = Uint32Array.from({ length: 40_000 }, () => 2 ** 32 * random());
  const written = new Map<number, number>();
  let [found, lost] = [0, 0];
  for (let n = 0; n < 400_000; n++) {
    const hash = hashes[Math.floor(hashes.length * random() ** 2)] as number;
    const node = 1 + (hash % 15);
    engine.words(slots, contexts).fill(hash);
    wasm.setContexts(slots);
    wasm.openFirstLines();
    wasm.readSlots(node, slots);
    const read = engine.words(slots, contexts);
    const expected = written.get(hash) ?? 0;
    for (const slot of read) assert.ok(slot === expected || slot === 0);
    if (expected > 0 && read[0] === expected) found++;
    else if (expected > 0) lost++;
    written.set(hash, n + 1);
    read.fill(n + 1);
    wasm.writeSlots(node, slots);
  }
  assert.ok(found > 2 * lost, `${found} found, ${lost} lost`);
});

/**
 * A table of docs/format/mixer.md, "Hashed lines", which stores only the counts of its slots. Each test starts with an
 * empty one.
 */
class Lines {
  private readonly pairs = new Map<number, Line[]>();

  /** Returns the line of the first four bits of a value or, with k, of the last four bits. */
  open(hash: number, k = 0): Line {
    const place = (hash % 2 ** 14) ^ k;
    const key = (hash + Math.imul(k, 0x9e3779b1)) >>> 0;
    const check = key - (key % 1024);
    let pair = this.pairs.get(place);
    if (!pair) this.pairs.set(place, (pair = [new Line(0, 0), new Line(0, 0)]));
    const [first, second] = pair as [Line, Line];
    const found = pair.find((line) => line.check === check);
    if (found) found.visits = Math.min(1023, found.visits + 1);
    return found ?? (pair[first.visits <= second.visits ? 0 : 1] = new Line(check, 1));
  }
}

class Line {
  readonly counts = new Uint8Array(16);

  constructor(
    readonly check: number,
    public visits: number,
  ) {}
}

/**
 * Returns hashes that collide at a few places, in both halves of a value: some share a check, others the key of the
 * other half.
 */
function collidingHashes(random: () => number): number[] {
  const hashes: number[] = [];
  const tops = [1, 2, 3].map(() => Math.floor(2 ** 18 * random()));
  while (hashes.length < 60) {
    const top = random() < 0.5 ? Math.floor(2 ** 18 * random()) : (tops[hashes.length % 3] as number);
    const hash = 2 ** 14 * top + Math.floor(32 * random());
    hashes.push(hash);
    // A hash whose first line is this one's second line at k = 10, where bits 10 to 13, of both check and place, stay
    // the same.
    const key = (hash + Math.imul(10, 0x9e3779b1)) >>> 0;
    assert.equal((key >> 10) & 15, 0);
    hashes.push(key - (key % 1024) + ((hash ^ 10) % 1024));
  }
  return hashes;
}

test('each half of a value uses the line of its own key and place, also after skipped bits and confident predictions', () => {
  const engine = new TestingEngine();
  const wasm = engine.exports as unknown as StatisticsExports;
  assert.ok(wasm.configureMixerAlone(1, false) > 0);
  wasm.startMixerTile(1);
  wasm.startMixerPixel(0, 0);
  const contexts = wasm.contexts.value as number;
  const slots = wasm.statesAt();
  const random = randomFrom(9);
  const hashes = collidingHashes(random);
  const tables = Array.from({ length: contexts }, () => new Lines());
  const seen = new Map<number, number>();
  for (let n = 0; n < 4000; n++) {
    const chosen = tables.map(() => hashes[Math.floor(hashes.length * random() ** 2)] as number);
    // Every third value starts with bits that are known to be 0.
    const skipped = n % 3 ? 0 : Math.floor(8 * random());
    const value = Math.floor(256 * random() ** 3) >> skipped;
    wasm.startValue(0, 128, 128, 128);
    engine.words(slots, contexts).set(chosen);
    wasm.setContexts(slots);
    let lines: Line[] = [];
    let opened = -1;
    let slot = 1;
    for (let depth = 0; depth < 8; depth++) {
      if (depth % 4 === 0) slot = 1;
      if (depth < skipped) {
        wasm.skip(0);
        slot *= 2;
        continue;
      }
      const open = (k: number): void => {
        lines = tables.map((table, i) => table.open(chosen[i] as number, k));
      };
      const bit = (value >> (7 - depth)) & 1;
      if (n % 5 === 0 && random() < 0.3) {
        // The model is confident of this node: no line is opened for it, and no slot learns.
        wasm.refine(1e-4);
        wasm.update(bit);
        slot = 2 * slot + bit;
        continue;
      }
      const half = depth >> 2;
      if (opened < half) open(half === 0 ? 0 : 1 + (value >> 4));
      opened = half;
      wasm.refine(0.5);
      wasm.readSlots(slot, slots);
      const counts = Array.from(engine.words(slots, contexts), (word) => word & 1023);
      assert.deepEqual(
        counts,
        lines.map((line) => line.counts[slot]),
        `value ${n}, depth ${depth}`,
      );
      counts.forEach((count) => seen.set(count, (seen.get(count) ?? 0) + 1));
      wasm.update(bit);
      for (const { counts: known } of lines) known[slot] = Math.min(255, (known[slot] as number) + 1);
      slot = 2 * slot + bit;
    }
  }
  assert.ok(seen.has(255) && (seen.get(0) as number) > 10_000, 'some lines are kept and others replaced');
});
