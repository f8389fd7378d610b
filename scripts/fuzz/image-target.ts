import { equalBytes } from '#pixrnn/bytes.js';
import { crc32 } from '#pixrnn/crc32.js';
import { checkRaster } from '#pixrnn/image/raster.js';
import { type ReadImage, readImage } from '#pixrnn/image/read-image.js';
import type { ReadOptions } from '#pixrnn/image/source.js';
import { writePng } from '#pixrnn/image/write-png.js';
import { makeRecipe, rebuildSource } from '#pixrnn/recipe/recipe.js';
import { sameSamples } from '#pixrnn/samples.js';
import { installFuzzHost } from './fuzz-host.js';
import { expect, outcomeOf } from './outcome.js';
import { sealPng } from './png-parts.js';
import type { Execute, ImageTarget } from './target.js';

const MAX_PIXELS = 4096;
/** One of so many accepted files is written as PNG and read again; of so many, the recipe is made. */
const PNG_SHARE = 8;
const RECIPE_SHARE = 128;

/** Returns the target that reads image files of a format. */
export function imageTarget(format: ImageTarget): Execute {
  installFuzzHost();
  const seal = format === 'png' ? sealPng : (input: Uint8Array) => input;
  return async (input) => {
    const bytes = seal(input);
    const hash = crc32(input);
    // By default, and as a stored source is read.
    const lenient = hash & 0x8000 ? { firstFrame: true, page: 1 } : {};
    const options: ReadOptions = { maxPixels: MAX_PIXELS, allowLossySource: true, ...lenient };
    const { value: read, refusal } = await outcomeOf(() => readImage(bytes, options));
    if (!read) return { reached: refusal.code === 'input-unreadable', refusal };
    checkRaster(read.raster);
    expect(read.metadata.length <= 1, 'several payloads of metadata');
    expectSame(read, await readImage(bytes, options), 'reading twice');
    if (hash % PNG_SHARE === 0) {
      const again = await readImage(await writePng(read.raster, read.metadata), options);
      expectSame(read, again, 'the image as a PNG file');
    }
    if (hash % RECIPE_SHARE === 0) await checkRecipe(bytes, read);
    return { reached: true, refusal: null };
  };
}

function expectSame(a: ReadImage, b: ReadImage, what: string): void {
  expect(sameSamples(a.raster.samples, b.raster.samples), `${what} gives other samples`);
  const [ours, theirs] = [a, b].map(({ metadata }) => metadata[0] ?? new Uint8Array(0));
  expect(equalBytes(ours!, theirs!), `${what} gives other metadata`);
}

/** A recipe rebuilds the file, if there is one. */
async function checkRecipe(bytes: Uint8Array, { raster, metadata }: ReadImage): Promise<void> {
  const { value: recipe } = await outcomeOf(() => makeRecipe(bytes, raster, metadata));
  if (recipe) expect(equalBytes(await rebuildSource(recipe, raster, metadata), bytes), 'a recipe makes another file');
}
