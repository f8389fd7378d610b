import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import { hasAlpha } from '#pixrnn/codec/container-layout.js';
import { JPEG_EFFORTS } from '#pixrnn/effort.js';
import type { Coders } from '#pixrnn/engine/pool.js';
import { PixrnnError } from '#pixrnn/errors.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { readImage } from '#pixrnn/image/read-image.js';
import type { Model } from '#pixrnn/model/model.js';
import { architectureOf } from '#pixrnn/model/architectures.js';
import { loadShipped, shippedModels } from '#pixrnn/model/registry.js';
import { ORIGINS } from '#pixrnn/origin/origins.js';
import { decodedJpeg, drawnBlocks } from '../../fixtures/decoded-jpeg.js';
import { blobs, cutout, flat, screen } from '../../fixtures/draw.js';
import { encodeByModel } from '../../fixtures/golden-cases.js';
import { inThread } from '../../fixtures/in-thread.js';
import { originImage, phasesOf, tintedImage } from '../../fixtures/origin-image.js';
import { withPreview } from '../../fixtures/preview.js';
import { tinyPhoto } from '../../fixtures/tiny-model.js';
import { compileEngine, Engine } from '#pixrnn/engine/engine.js';
import { KINDS, randomRaster } from '../../test/image/reference-png.js';
import { imageSeeds } from './image-seeds.js';
import { MAX_SHIPPED_PIXELS } from './limits.js';
import { fuzzModels } from './models.js';
import { IMAGE_TARGETS } from './target.js';

/** Source files with more pixels make executions slow. */
const MAX_SOURCE_PIXELS = 400;

/** Of each format the first files are compressed, and of the others one in so many: rebuilding PNG files is slow. */
const SOURCES = 10;
/** Of each format, so many files are stored as well: the readers have targets of their own. */
const STORED_SOURCES = 3;

/** Returns small .prnn files of every kind, by names: of every coding of tiles, recipe and model. */
export async function prnnSeeds(): Promise<Map<string, Uint8Array>> {
  const pool = await inThread();
  const seeds = new Map<string, Uint8Array>();
  await addModels(seeds);
  await addImages(seeds, pool);
  await addSources(seeds, pool);
  for (const name of ['image-0', 'jpeg-0', 'source-pnm-0']) {
    const seed = seeds.get(name);
    if (seed) seeds.set(`${name}-preview`, withPreview(seed));
  }
  return seeds;
}

/** A tile for each model, drawn and shipped. */
async function addModels(seeds: Map<string, Uint8Array>): Promise<void> {
  const engine = await Engine.create(await compileEngine());
  const add = (model: Model, number: number | null): void => {
    const { architecture, channels } = model.spec;
    if (architecture === 'multi-scale') return; // files below
    const depth = architectureOf(architecture).depths(model.spec).includes(8) ? 8 : 1;
    const raster = blobs({ width: 7, height: 5, channels, depth });
    for (const effort of [1, 3] as const) {
      const bytes = encodeByModel(engine, { name: model.name, raster, model, effort });
      seeds.set(`model-${seeds.size}`, number === null ? bytes : byNumber(bytes, number));
    }
  };
  for (const model of fuzzModels()) add(model, null);
  for (const shipped of shippedModels()) add(await loadShipped(shipped), shipped.number);
}

/** Names the model of a file, if it has one, by its number. */
function byNumber(bytes: Uint8Array, number: number): Uint8Array {
  const container = decodeContainer(bytes);
  const { rgbModel, grayModel } = container.header;
  const models = { rgbModel: rgbModel && number, grayModel: grayModel && number };
  return encodeContainer({ ...container, header: { ...container.header, ...models } });
}

/** Every kind of samples as `compress` codes it. */
async function addImages(seeds: Map<string, Uint8Array>, pool: Coders): Promise<void> {
  const origin = ORIGINS.find(({ name }) => name === 'JPEG, 4:2:0')!;
  const size = { width: 17, height: 11 };
  const rasters: Raster[] = [
    blobs({ width: 4, height: 4 }),
    ...KINDS.map((kind) => randomRaster(4, 3, kind)),
    ...([1, 2, 4, 8, 16] as const).map((depth) => blobs({ width: 8, height: 6, channels: 1, depth })),
    cutout({ width: 9, height: 7, channels: 2 }),
    cutout({ width: 9, height: 7, channels: 4 }),
    cutout({ width: 9, height: 7, channels: 4, depth: 16 }),
    screen({ width: 1030, height: 1, channels: 4 }),
    flat({ width: 8, height: 8 }),
    screen({ width: 12, height: 9 }),
    screen({ width: 12, height: 9, channels: 4 }),
    ...ORIGINS.map((one) => originImage(one, phasesOf(one).at(-1)!, { width: 15, height: 13 })),
    tintedImage(ORIGINS[0]!, { x: 1, y: 1 }, { width: 15, height: 13 }),
    decodedJpeg(drawnBlocks(origin, size), size),
    decodedJpeg(drawnBlocks(null, size, { quality: 90 }), size),
  ];
  for (const [i, raster] of rasters.entries()) {
    const { bytes } = await compressRaster(raster, { pool, effort: 1, verify: false });
    seeds.set(`image-${i}`, bytes);
  }
  for (const [i, model] of fuzzModels().entries()) {
    const { channels } = model.spec;
    if (architectureOf(model.spec.architecture).depths(model.spec).includes(8)) {
      const raster = channels === 1 ? blobs({ width: 24, height: 16, channels }) : blobs({ width: 24, height: 16 });
      seeds.set(`drawn-model-${i}`, (await compressRaster(raster, { model, effort: 1, pool, verify: false })).bytes);
      const wide = blobs({ width: 1030, height: 1, channels });
      if (i < 2) seeds.set(`wide-${i}`, (await compressRaster(wide, { model, effort: 1, pool, verify: false })).bytes);
      const alpha = cutout({ width: 10, height: 6, channels: channels === 1 ? 2 : 4 });
      seeds.set(`alpha-${i}`, (await compressRaster(alpha, { model, effort: 1, pool, verify: false })).bytes);
    }
  }
}

/** Files that restore their source: with a recipe, stored, and JPEG files. */
async function addSources(seeds: Map<string, Uint8Array>, pool: Coders): Promise<void> {
  for (const format of IMAGE_TARGETS) {
    const sources = [...(await imageSeeds(format)).values()].filter((_, i) => i < SOURCES || i % SOURCES === 0);
    for (const [i, source] of sources.entries()) {
      const extension = format === 'pnm' ? '.pnm' : `.${format}`;
      for (const mayStore of i < STORED_SOURCES ? [false, true] : [false]) {
        const file = await compressed(source, extension, mayStore, pool);
        if (file) seeds.set(`source-${format}-${i}${mayStore ? '-stored' : ''}`, file);
      }
    }
  }
  for (const [i, source] of [...(await imageSeeds('jpeg')).values()].entries()) {
    const effort = JPEG_EFFORTS[i % JPEG_EFFORTS.length]!;
    seeds.set(
      `jpeg-${i}`,
      (await compressJpeg({ bytes: source, extension: '.jpg' }, { effort, pool, verify: false })).bytes,
    );
  }
}

async function compressed(
  bytes: Uint8Array,
  extension: string,
  mayStore: boolean,
  pool: Coders,
): Promise<Uint8Array | null> {
  try {
    const { raster, metadata } = await readImage(bytes, { maxPixels: MAX_SOURCE_PIXELS });
    const { width, height, channels } = raster;
    // Alpha is coded with a shipped model.
    if (hasAlpha(channels) && width * height > MAX_SHIPPED_PIXELS) return null;
    const model = tinyPhoto(channels >= 3 ? 3 : 1);
    const source = { bytes, extension, mayStore };
    const options = { metadata, source, exactness: 'exact', model, effort: 1, pool, verify: false } as const;
    return (await compressRaster(raster, options)).bytes;
  } catch (error) {
    if (error instanceof PixrnnError) return null; // not an image that compress takes
    throw error;
  }
}
