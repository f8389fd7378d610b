import { sha256Text } from '../../codec/check.js';
import { compressCodedTiles, type CompressOptions } from '../../codec/compress.js';
import type { CodedTile } from '../../codec/encode-tile.js';
import { imageCoding } from '../../codec/image-coding.js';
import { extractTile, type Tile, tileGrid } from '../../codec/tile-grid.js';
import type { Raster } from '../../image/raster.js';
import { packSamples } from '../../samples.js';
import type { Coded, FileWork, MissingTiles } from '../file-work.js';
import type { Storage } from '../storage.js';
import { writeResult } from '../write-result.js';
import { parseTileFile } from './tile-file.js';
import { encodePlan, tilePlan } from './tile-plan.js';
import { readWork, removeWork, type WorkNames, workNames } from './work-files.js';

/**
 * Compresses a large image whose tiles are coded by separate jobs. Writes the samples of the tiles that are not coded yet and returns these
 * tiles; once all are coded, assembles and writes the file, which has the bytes that one process writes.
 */
export async function compressByTiles(
  work: FileWork,
  target: Storage,
  raster: Raster,
  options: CompressOptions,
): Promise<Coded | MissingTiles> {
  const names = workNames(work.job);
  const tiles = tileGrid(raster.width, raster.height);
  if (!(await target.find(names.plan))) {
    for (const [index, tile] of tiles.entries()) {
      await target.write(names.band(index), packedTile(raster, tile), { replace: true });
    }
    const plan = tilePlan(raster, await imageCoding(raster, options));
    await target.write(names.plan, encodePlan(plan), { replace: true });
  }
  const missing: number[] = [];
  for (const [index] of tiles.entries()) if (!(await target.find(names.part(index)))) missing.push(index);
  if (missing.length > 0) return { tiles: missing };
  try {
    const codedTile = (index: number): Promise<CodedTile> => readTile(target, names, raster, index, tiles[index]!);
    const { bytes } = await compressCodedTiles(raster, options, codedTile);
    const coded = await writeResult(work, work.job.output, bytes, raster);
    await removeWork(target, names, tiles.length);
    return { ...coded, pixels: 0 }; // its tiles have counted them
  } catch (error) {
    if (!(error instanceof DamagedTile)) throw error;
    await target.remove(names.part(error.index));
    return { tiles: [error.index] };
  }
}

/** A part that is damaged, or of other samples. */
class DamagedTile extends Error {
  constructor(readonly index: number) {
    super(`tile ${index} is damaged`);
  }
}

async function readTile(
  target: Storage,
  names: WorkNames,
  raster: Raster,
  index: number,
  tile: Tile,
): Promise<CodedTile> {
  const file = parseTileFile(await readWork(target, names.part(index)));
  if (file?.samplesDigest !== sha256Text(packedTile(raster, tile))) throw new DamagedTile(index);
  return file.coded;
}

function packedTile(raster: Raster, tile: Tile): Uint8Array {
  return packSamples(extractTile(raster, tile), raster.depth);
}
