import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { WorkMeter } from '#pixrnn/batch/meter.js';
import { startBatchProgress } from '#pixrnn/cli/batch-progress.js';
import { RunReport } from '#pixrnn/cli/run-report.js';
import { supportsProgress } from '#pixrnn/cli/terminal.js';

/** A terminal that records its output, with `^` for the escape character. */
class Screen extends Writable {
  readonly isTTY = true;
  readonly columns = 120;
  text = '';

  override _write(part: Buffer, _: string, done: () => void): void {
    this.text += part.toString().replaceAll('\x1b', '^');
    done();
  }

  /** Returns the last match of a text that is redrawn repeatedly. */
  last(pattern: RegExp): string {
    return [...this.text.matchAll(pattern)].at(-1)?.[0] ?? '';
  }
}

const STATE = { done: 2e6, total: 8e6, speed: 0.5e6, secondsLeft: 12, sourceBytes: 1000, bytes: 450 };

test('draws a bar for each file and one for the run, below the lines', () => {
  const screen = new Screen();
  const progress = startBatchProgress(screen, () => STATE);
  const name = `photos/${'long '.repeat(20)}name.png`;
  const [first, second] = [progress.file('a\nb.png', ['coding', 'verifying']), progress.file(name, ['coding'])];
  first.update(3e6, 4e6);
  second.update(0, 1e6);
  progress.line('c.png -> c.prnn  done\n');
  progress.stop();
  assert.match(
    screen.last(/all .*?ETA[^^]*/g),
    /^all \[=+-+\] 25 % {2}2\.0 of 8\.0 MP {2}0\.50 MP\/s {2}45 % {2}ETA 12 s/,
  );
  assert.match(
    screen.last(/\$?['"]?a\\nb\.png['"]? .*?ETA[^^]*/g),
    /^\$?['"]?a\\nb\.png['"]? \[=+-+\] 75 % {2}verifying \d+\.\d\d MP\/s {2}ETA \d+ s/,
  );
  assert.match(screen.text, /['"]photos[\\/]long lo…g long name\.png['"] \[/);
  assert.match(screen.text, /c\.png -> c\.prnn {2}done\^\[K\n/);
  assert.ok(screen.text.endsWith('^[0J'), 'the progress bars are erased');
});

test("removes a file's bar when the file is finished", () => {
  const screen = new Screen();
  const progress = startBatchProgress(screen, null);
  const bar = progress.file('a.png', ['decoding']);
  bar.update(1, 2);
  bar.stop();
  const drawn = screen.text.length;
  progress.line('a.prnn -> a.png\n');
  progress.stop();
  assert.doesNotMatch(screen.text.slice(drawn), /decoding/);
  assert.match(screen.text.slice(drawn), /a\.prnn -> a\.png/);
});

test('writes no escape sequences to a dumb terminal', (context) => {
  const before = process.env['TERM'];
  context.after(() => {
    if (before === undefined) delete process.env['TERM'];
    else process.env['TERM'] = before;
  });
  process.env['TERM'] = 'xterm';
  assert.equal(supportsProgress(new Screen()), true);
  process.env['TERM'] = 'dumb';
  const screen = new Screen();
  assert.equal(supportsProgress(screen), false);
  const options = { quiet: false, json: false, verb: 'compressed', isMany: true, files: 1, terminal: screen };
  const report = new RunReport(options, new WorkMeter(new Map([['a.png', { pixels: 1, work: 1 }]])));
  const bar = report.progress.file('a.png', ['coding']);
  bar.update(1, 2);
  bar.stop();
  report.note('a note\n');
  report.stop();
  assert.equal(screen.text, 'a note\n');
});
