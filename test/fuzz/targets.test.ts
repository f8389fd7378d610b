import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageSeeds } from '../../scripts/fuzz/image-seeds.js';
import { imageTarget } from '../../scripts/fuzz/image-target.js';
import { jpegTarget } from '../../scripts/fuzz/jpeg-target.js';
import { openPrnn } from '../../scripts/fuzz/open-prnn.js';
import { openPng } from '../../scripts/fuzz/png-parts.js';
import { prnnSeeds } from '../../scripts/fuzz/prnn-seeds.js';
import { prnnTarget } from '../../scripts/fuzz/prnn-target.js';
import { IMAGE_TARGETS } from '../../scripts/fuzz/target.js';
import { mutated } from '../jpeg/mutations.js';
import { chooser } from '../jpeg/synthetic.js';

test('hundreds of mutated .prnn files give no finding, and half of them reach the data', async (context) => {
  const random = chooser([6]);
  const seeds = [...(await prnnSeeds()).values()];
  const execute = await prnnTarget();
  const count = 200;
  let reached = 0;
  for (let i = 0; i < count; i++) {
    const input = mutated(openPrnn(seeds[(7 * i) % seeds.length]!), random);
    if ((await execute(input)).reached) reached++;
  }
  context.diagnostic(`${reached} of ${count} reach the data`);
  assert.ok(reached >= count / 2);
});

for (const format of [...IMAGE_TARGETS, 'jpeg'] as const) {
  test(`hundreds of mutated ${format} files give no finding`, async () => {
    const random = chooser([7]);
    const files = [...(await imageSeeds(format))].flatMap(([name, bytes]) => (name.startsWith('drawn') ? [bytes] : []));
    const execute = format === 'jpeg' ? await jpegTarget() : imageTarget(format);
    const codes = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const file = files[i % files.length]!;
      const { refusal } = await execute(mutated(format === 'png' ? openOf(file) : file, random));
      codes.add(refusal?.code ?? 'accepted');
    }
    assert.ok(codes.has('accepted') && codes.size > 1, [...codes].join());
  });
}

/** Returns the open form of a PNG file; a file that has none as it is. */
function openOf(file: Uint8Array): Uint8Array {
  try {
    return openPng(file);
  } catch {
    return file;
  }
}
