import { compressJpeg } from '../codec/compress-jpeg.js';
import { expectedJpegSeconds } from '../codec/expected-jpeg-time.js';
import { expectedSeconds } from '../codec/expected-time.js';
import { isCodedAsJpeg, jpegSource } from '../codec/jpeg-source.js';
import { measureMap } from '../codec/measure.js';
import { DEFAULT_EFFORT, type Effort } from '../effort.js';
import type { Coders } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import { BitCounts } from '../heat-map/bit-counts.js';
import { type BitMap, BITS_PER_BLOCK, BITS_PER_PIXEL, type MapUnit } from '../heat-map/bit-map.js';
import { blockMap } from '../heat-map/block-map.js';
import { scaleFor } from '../heat-map/heat-map.js';
import type { Raster } from '../image/raster.js';
import { readImage } from '../image/read-image.js';
import type { ReadOptions } from '../image/source.js';
import type { Model } from '../model/model.js';
import type { GivenImage } from '../service/compress-image.js';
import type { ProgressCallback } from '../service/options.js';
import type { MeasuredBits } from './protocol.js';

interface Options extends ReadOptions {
  readonly pool: Coders;
  readonly signal: AbortSignal;
  readonly onProgress?: ProgressCallback;
  readonly effort?: Effort | undefined;
  readonly model?: Model | undefined;
}

/** Compressing decodes the result again, which needs as long. */
const PASSES = 2;

/** Returns the seconds that compressing an image needs on this machine under its current load, by timing parts of it. */
export async function estimate(given: GivenImage, options: Options): Promise<number> {
  const { effort = DEFAULT_EFFORT, pool, maxPixels } = options;
  if (isJpeg(given)) return PASSES * ((await expectedJpegSeconds(given.bytes, { effort, pool, maxPixels })) ?? 0);
  return expectedSeconds(await rasterOf(given, options), options);
}

/**
 * Returns where the bits of an image go: per pixel, or per block of a JPEG file.
 * @throws PixrnnError as `readImage` and `measureMap`; `input-unsupported` for a JPEG file that is stored as it is
 */
export async function measure(given: GivenImage, options: Options): Promise<MeasuredBits> {
  if (!isJpeg(given)) return measured(await measureMap(await rasterOf(given, options), options), BITS_PER_PIXEL);
  const { pool, signal, onProgress, effort, maxPixels } = options;
  const coding = { pool, signal, onProgress, effort, maxPixels, verify: false, wantsBlockBits: true };
  const { blockBits, shape, storedBecause } = await compressJpeg(jpegSource(given.name, given.bytes, {}), coding);
  if (blockBits && shape) return measured(blockMap(shape, blockBits), BITS_PER_BLOCK);
  throw new PixrnnError('input-unsupported', `the file is stored as it is: ${storedBecause}. It has no map.`);
}

function isJpeg(given: GivenImage): given is Extract<GivenImage, { bytes: Uint8Array }> {
  return 'bytes' in given && isCodedAsJpeg(given.bytes, undefined);
}

async function rasterOf(given: GivenImage, options: ReadOptions): Promise<Raster> {
  return 'raster' in given ? given.raster : (await readImage(given.bytes, options)).raster;
}

function measured({ width, height, bits }: BitMap, unit: MapUnit): MeasuredBits {
  const counts = new BitCounts(unit);
  counts.add(bits);
  const total = bits.reduce((sum, value) => sum + value / unit.pixels, 0);
  return { width, height, bits, unit: unit.name, max: scaleFor(counts), total };
}
