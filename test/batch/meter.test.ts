import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkMeter } from '#pixrnn/batch/meter.js';

test('ignores files that need no work, and starts the clock with the first work', () => {
  let seconds = 0;
  const meter = new WorkMeter(
    new Map([
      ['a', 1e6],
      ['b', 1e6],
      ['c', 3e6],
    ]),
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
  const meter = new WorkMeter(new Map(files.map(({ name, pixels }) => [name, pixels])), () => 1000 * now);
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
