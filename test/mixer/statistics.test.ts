import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestingEngine, randomFrom } from '../engine/testing-engine.js';

interface StatisticsExports {
  readonly UNIT: WebAssembly.Global;
  readonly CONTEXTS: WebAssembly.Global;
  countBin(row: number, bin: number): void;
  massBeforeBin(row: number, bin: number): number;
  configureMixerAlone(channels: number): number;
  startMixerTile(width: number): void;
  setContext(i: number, hash: number): void;
  openFirstLines(): void;
  readSlots(node: number, slots: number): void;
  writeSlots(node: number, slots: number): void;
  statesAt(): number;
}

test('three levels of prefix sums are a histogram', () => {
  const engine = new TestingEngine();
  const wasm = engine.exports as unknown as StatisticsExports;
  const unit = wasm.UNIT.value as number;
  const random = randomFrom(5);
  assert.ok(wasm.configureMixerAlone(3) > 0);
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
    // Each halving rounds three numbers down by up to 1/2, and halves what was lost before.
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

test('a slot is what was last written under its hash, or new', () => {
  const engine = new TestingEngine();
  const wasm = engine.exports as unknown as StatisticsExports;
  assert.ok(wasm.configureMixerAlone(3) > 0);
  wasm.startMixerTile(1);
  const contexts = wasm.CONTEXTS.value as number;
  const slots = wasm.statesAt();
  const random = randomFrom(7);
  const hashes = Uint32Array.from({ length: 150_000 }, () => 2 ** 32 * random());
  const written = new Map<number, number>();
  let [found, lost] = [0, 0];
  for (let n = 0; n < 400_000; n++) {
    const hash = hashes[Math.floor(hashes.length * random() ** 2)] as number;
    const node = 1 + (hash % 15);
    for (let i = 0; i < contexts; i++) wasm.setContext(i, hash);
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
