import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { equalBytes } from '#pixrnn/bytes.js';
import { restorationLength, storedLength } from '#pixrnn/codec/container.js';
import { host } from '#pixrnn/host/host.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { makeRecipe, rebuildSource } from '#pixrnn/recipe/recipe.js';
import { pictureOf } from './picture.js';

/** What one file of the corpus costs. */
export interface Row {
  readonly encoder: string;
  readonly file: string;
  /** Names the decoded picture, `pictureOf`. */
  readonly picture: string;
  readonly sourceBytes: number;
  readonly metadataBytes: number;
  /** Bytes of the file that holds the source itself. */
  readonly storedBytes: number;
  /** Bytes that the recipe adds to the file, with its framing and without the digest; null if there is no recipe. */
  readonly recipeBytes: number | null;
  /** CPU time of making the recipe and trying it, in seconds, so that other load on the machine matters little. */
  readonly makeSeconds: number;
  /** CPU time of rebuilding the source, in seconds; null without a recipe. */
  readonly rebuildSeconds: number | null;
}

/**
 * Makes the recipe of a file, rebuilds the file and compares the bytes.
 * @throws Error if the recipe rebuilds other bytes; PixrnnError if the file cannot be read
 */
export async function measureFile(path: string): Promise<Row> {
  const source = new Uint8Array(await readFile(path));
  const { raster, metadata } = await readImage(source);
  const start = process.cpuUsage();
  const recipe = await makeRecipe(source, raster, metadata);
  const makeSeconds = secondsSince(start);
  let rebuildSeconds: number | null = null;
  if (recipe) {
    const rebuildStart = process.cpuUsage();
    const rebuilt = await rebuildSource(recipe, raster, metadata);
    rebuildSeconds = secondsSince(rebuildStart);
    if (!equalBytes(rebuilt, source)) throw new Error(`${path}: the recipe rebuilds other bytes.`);
  }
  const digest = host().sha256().update(source).digest();
  const extension = '.png';
  const { width, height } = raster;
  return {
    encoder: basename(dirname(path)),
    file: basename(path),
    picture: pictureOf(raster),
    sourceBytes: source.length,
    metadataBytes: metadata.reduce((sum, { length }) => sum + length, 0),
    storedBytes: storedLength({ width, height, extension, source }),
    recipeBytes: recipe && restorationLength({ extension, recipe, digest }) - digest.length,
    makeSeconds,
    rebuildSeconds,
  };
}

/** Returns the CPU seconds, user and system, since `start`. */
function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
