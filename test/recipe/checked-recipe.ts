import assert from 'node:assert/strict';
import { equalBytes } from '#pixrnn/bytes.js';
import { PixrnnError } from '#pixrnn/errors.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { makeRecipe, rebuildSource } from '#pixrnn/recipe/recipe.js';
import { chunk } from '../../fixtures/png.js';

/** Makes the recipe of a file, checks that it rebuilds the file, and returns it. */
export async function checkedRecipe(source: Uint8Array, what: string): Promise<Uint8Array> {
  const { raster, metadata } = await readImage(source);
  const recipe = await makeRecipe(source, raster, metadata);
  assert.ok(recipe, `${what}: no recipe`);
  const rebuilt = await rebuildSource(recipe, raster, metadata);
  assert.ok(equalBytes(rebuilt, source), `${what}: it rebuilds another file`);
  return recipe;
}

export const TEXTS = [chunk('tEXt', 'Title\0a drawing'), chunk('gAMA', Uint8Array.of(0, 0, 0xb1, 0x8f))];

/** Rebuilds; returns the code of the PixrnnError, or null. Any other error fails the test. */
export async function outcome(
  recipe: Uint8Array,
  raster: Raster,
  metadata: readonly Uint8Array[],
): Promise<string | null> {
  try {
    await rebuildSource(recipe, raster, metadata);
    return null;
  } catch (error) {
    if (error instanceof PixrnnError) return error.code;
    throw error;
  }
}
