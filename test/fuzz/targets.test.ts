import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageSeeds } from '../../scripts/fuzz/image-seeds.js';
import { imageTarget } from '../../scripts/fuzz/image-target.js';
import { jpegTarget } from '../../scripts/fuzz/jpeg-target.js';
import { openPng } from '../../scripts/fuzz/png-parts.js';
import { IMAGE_TARGETS } from '../../scripts/fuzz/target.js';
import { mutated } from '../jpeg/mutations.js';
import { chooser } from '../jpeg/synthetic.js';

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
