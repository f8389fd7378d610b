import { samplesDigest, sha256Text } from '../../codec/check.js';
import type { CompressOptions } from '../../codec/compress.js';
import { imageCoding } from '../../codec/image-coding.js';
import { restorationOf } from '../../codec/restoration.js';
import { extractTile, tileGrid } from '../../codec/tile-grid.js';
import { checkRaster, type Raster } from '../../image/raster.js';
import { packSamples } from '../../samples.js';
import type { FileWork, MissingTiles } from '../file-work.js';
import type { Storage } from '../storage.js';
import { encodeEnvelope } from './envelope.js';
import { encodePlan, tilePlan } from './tile-plan.js';
import { workNames } from './work-files.js';

/**
 * Splits a large image: writes the samples of its tiles for the jobs that code them, and all that its file contains besides them, so that the
 * source is decoded only once. Returns the tiles.
 */
export async function splitImage(
  { job, pool }: Pick<FileWork, 'job' | 'pool'>,
  target: Storage,
  raster: Raster,
  options: CompressOptions,
): Promise<MissingTiles> {
  checkRaster(raster);
  const names = workNames(job);
  const write = (name: string, bytes: Uint8Array) => target.write(name, bytes, { replace: true });
  const tiles = tileGrid(raster.width, raster.height);
  const bands: string[] = [];
  for (const [index, tile] of tiles.entries()) {
    const band = packSamples(extractTile(raster, tile), raster.depth);
    await write(names.band(index), band);
    bands.push(sha256Text(band));
  }
  const { metadata = [], source } = options;
  const envelope = {
    ...{ metadata, bands, digest: samplesDigest(raster.samples) },
    restoration: await restorationOf(raster, options, pool),
    source: source && { extension: source.extension, mayStore: source.mayStore },
  };
  await write(names.envelope, encodeEnvelope(envelope));
  // Last: it shows that the other files are complete.
  await write(names.plan, encodePlan(tilePlan(raster, await imageCoding(raster, options))));
  return { tiles: tiles.map((_, index) => index) };
}
