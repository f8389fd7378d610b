import assert from 'node:assert/strict';
import { readImage, type ReadImage } from '#pixrnn/image/read-image.js';
import type { ReadOptions } from '#pixrnn/image/source.js';
import { makeRecipe, rebuildSource } from '#pixrnn/recipe/recipe.js';

/** Reads a file and returns its recipe and its image; null if there is no recipe. */
async function recipeOf(
  file: Uint8Array,
  options: ReadOptions,
): Promise<{ recipe: Uint8Array | null; image: ReadImage }> {
  const image = await readImage(file, options);
  return { recipe: await makeRecipe(Uint8Array.from(file), image.raster, image.metadata), image };
}

/** Returns the size of a file's recipe in bytes, after checking that it rebuilds the file. */
export async function recipeBytes(file: Uint8Array, options: ReadOptions = {}): Promise<number> {
  const { recipe, image } = await recipeOf(file, options);
  assert.ok(recipe, 'no recipe');
  const rebuilt = await rebuildSource(recipe, image.raster, image.metadata);
  assert.deepEqual(Buffer.from(rebuilt), Buffer.from(file));
  return recipe.length;
}

/** Returns whether a file has a recipe. */
export async function hasRecipe(file: Uint8Array, options: ReadOptions = {}): Promise<boolean> {
  return (await recipeOf(file, options)).recipe !== null;
}
