import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compressBrotli, decompressBrotli } from '#pixrnn/brotli.js';
import { concatBytes } from '#pixrnn/bytes.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { blobs } from '../../fixtures/draw.js';
import { checkedRecipe, outcome, TEXTS } from './checked-recipe.js';
import { pakoPng as png } from './pako-png.js';

test('a recipe that is cut off or changed is corrupt, or rebuilds some file', { timeout: 120_000 }, async () => {
  const source = png(blobs({ width: 12, height: 9 }), { before: TEXTS, parts: 3, interlaced: true });
  const { raster, metadata } = await readImage(source);
  const recipe = await checkedRecipe(source, 'the whole');
  const check = async (bytes: Uint8Array, what: string): Promise<string | null> => {
    const code = await outcome(bytes, raster, metadata);
    assert.ok(code === null || code === 'file-corrupt', `${what}: ${code}`);
    return code;
  };
  for (let length = 0; length < recipe.length; length++) {
    assert.equal(await check(recipe.slice(0, length), `${length} bytes`), 'file-corrupt', `${length} bytes`);
  }
  assert.equal(await check(concatBytes([recipe, Uint8Array.of(0)]), 'a byte more'), 'file-corrupt');
  for (let i = 0; i < recipe.length; i++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = recipe.slice();
      changed[i]! ^= 1 << bit;
      await check(changed, `byte ${i}, bit ${bit}`);
    }
  }
  // The same within Brotli, which most changes would break.
  const body = await decompressBrotli(recipe, 2 ** 20);
  const seen = new Set<string | null>();
  for (let i = 0; i < body.length; i++) {
    for (const flip of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
      const changed = body.slice();
      changed[i]! ^= flip;
      seen.add(await check(await compressBrotli(changed), `field byte ${i} ^ ${flip}`));
    }
    assert.equal(await check(await compressBrotli(body.slice(0, i)), `${i} bytes of fields`), 'file-corrupt');
  }
  assert.equal(
    await check(await compressBrotli(concatBytes([body, Uint8Array.of(0)])), 'a field more'),
    'file-corrupt',
  );
  assert.deepEqual(seen, new Set([null, 'file-corrupt']));
});
