import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pngOf } from '../../fixtures/png.js';
import { blobs } from '../../fixtures/draw.js';
import { BIG_ENDIAN_ENGINE, EMULATED_ENGINES, versionOf } from '../../scripts/machines/engines.js';
import { runOn } from '../../scripts/machines/machine.js';
import { assertGoldenIn } from '../codec/assert-golden.js';

// Other processors, emulated. `npm run cross-engine` runs a choice of cases there that covers the format; these few take
// a minute.

const NAMES = [
  'photo-rgb: blobs 37x23, effort 3',
  'photo-rgb-small: blobs 37x23, effort 2',
  'mnist-row-lstm: blobs 17x1, effort 3',
  'file: palette, effort 3',
  'file: RGB from PhotoCD, 4:2:0, effort 1',
  'source: JPEG, progressive, effort 3',
  'source: PNG, zlib',
];

const folder = mkdtempSync(join(tmpdir(), 'pixrnn-machines-'));
after(() => rmSync(folder, { recursive: true }));

for (const engine of EMULATED_ENGINES) {
  test(`golden cases give the same bytes in ${engine.name}`, async (context) => {
    const machine = engine.machine();
    if (typeof machine === 'string') return context.skip(machine);
    context.diagnostic(await versionOf(machine));
    await assertGoldenIn(machine, NAMES);
  });
}

test(`${BIG_ENDIAN_ENGINE.name} is rejected, because it is big endian`, async (context) => {
  const machine = BIG_ENDIAN_ENGINE.machine();
  if (typeof machine === 'string') return context.skip(machine);
  const png = join(folder, 'blobs.png');
  writeFileSync(png, pngOf(blobs({ width: 9, height: 9, channels: 3 })));
  const script = join(import.meta.dirname, '../../../bin/pixrnn.js');
  const { code, stderr } = await runOn(machine, [script, 'compress', png]);
  assert.match(stderr, /^pixrnn: big-endian processors are not supported\./);
  assert.equal(code, 1);
});
