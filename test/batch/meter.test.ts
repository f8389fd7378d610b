import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remainingSeconds, WorkMeter } from '#pixrnn/batch/meter.js';

test('ignores files that need no work, and starts the clock with the first work', () => {
  let seconds = 0;
  const meter = new WorkMeter(
    new Map([
      ['a', { pixels: 1e6, work: 1 }],
      ['b', { pixels: 1e6, work: 1 }],
      ['c', { pixels: 3e6, work: 3 }],
    ]),
    null,
    () => 1000 * seconds,
  );
  assert.deepEqual(meter.state(), { done: 0, total: 5e6, speed: 0, secondsLeft: null });
  seconds = 60;
  meter.end('a', false);
  meter.update('b', 0);
  seconds = 62;
  meter.update('b', 0.5);
  assert.deepEqual(meter.state(), { done: 0.5e6, total: 4e6, speed: 0.25e6, secondsLeft: 14 });
  meter.end('b', true);
  meter.update('c', 1 / 3);
  seconds = 64;
  assert.deepEqual(meter.state(), { done: 2e6, total: 4e6, speed: 0.5e6, secondsLeft: 4 });
});

test('estimates the remaining time within 20 % after a tenth of the work', () => {
  // 300 files of 0.1 to 2.1 megapixels on two cores, the speed of each file off by up to a third; the clock jumps to
  // the next event.
  let seed = 7;
  const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const files = Array.from({ length: 300 }, (_, i) => ({
    name: String(i),
    pixels: 1e5 + 2e6 * random() ** 2,
    speed: 24_000 * (2 / 3 + (2 / 3) * random()),
  }));
  let now = 0;
  const meter = new WorkMeter(
    new Map(files.map(({ name, pixels }) => [name, { pixels, work: pixels }])),
    null,
    () => 1000 * now,
  );
  const cores = [0, 0];
  const guesses: number[] = [];
  for (const { name, pixels, speed } of files) {
    const core = cores[0]! <= cores[1]! ? 0 : 1;
    now = cores[core]!;
    meter.update(name, 0);
    cores[core] = cores[core]! + pixels / speed;
    const { done, total, secondsLeft } = meter.state();
    if (done >= total / 10 && secondsLeft !== null) guesses.push(now + secondsLeft);
    now = cores[core]!;
    meter.end(name, true);
  }
  const end = Math.max(...cores);
  assert.ok(guesses.length > 200);
  for (const guess of guesses) assert.ok(Math.abs(guess / end - 1) < 0.2, `${guess} of ${end}`);
});

test('the remaining time follows the work of the files, not their pixels', () => {
  let seconds = 0;
  const meter = new WorkMeter(
    new Map([
      ['photo.png', { pixels: 1e6, work: 30 }],
      ['photo.jpg', { pixels: 12e6, work: 10 }],
    ]),
    null,
    () => 1000 * seconds,
  );
  meter.update('photo.jpg', 0);
  seconds = 10;
  meter.end('photo.jpg', true);
  assert.deepEqual(meter.state(), { done: 12e6, total: 13e6, speed: 1.2e6, secondsLeft: 30 });
});

test('begins with the time that was estimated before, and follows the measured time soon', () => {
  assert.equal(remainingSeconds(0, 0, null), null);
  assert.equal(remainingSeconds(0.25, 10, null), 30);
  assert.equal(remainingSeconds(0, 0, 80), 80);
  // The start is four times as fast as the rest: the estimate from before hides it.
  assert.ok(Math.abs(remainingSeconds(0.01, 0.2, 80)! - 80) < 12);
  // The estimate was half of the real time.
  assert.ok(Math.abs(remainingSeconds(0.5, 80, 80)! - 80) < 8);
  assert.equal(remainingSeconds(1, 90, 80), 0);
  const files = new Map([
    ['a', { pixels: 1, work: 1 }],
    ['b', { pixels: 1, work: 3 }],
  ]);
  const meter = new WorkMeter(files, 80);
  assert.equal(meter.state().secondsLeft, 80);
  meter.end('b', false);
  assert.equal(meter.state().secondsLeft, 20, 'a skipped file needs no time');
});
