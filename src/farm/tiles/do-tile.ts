import { sha256Text } from '../../codec/check.js';
import { encodeSeparateTile } from '../../codec/separate-tile.js';
import { PixrnnError } from '../../errors.js';
import type { FileOutcome, TileJob } from '../jobs.js';
import { modelOfJob } from '../models.js';
import type { Run } from '../run.js';
import type { FarmContext } from '../thread/do-file.js';
import { encodeTileFile } from './tile-file.js';
import { parsePlan, separateTile } from './tile-plan.js';
import { readWork, workNames } from './work-files.js';

/**
 * Codes a tile of a large image: reads its samples, codes, decodes and compares them, and writes the part.
 * @throws PixrnnError; StorageError
 */
export async function doTile(
  run: Run,
  job: TileJob,
  { target, pool, models, signal }: FarmContext,
): Promise<FileOutcome> {
  const began = performance.now();
  if (target === null) throw new PixrnnError('usage', 'the run has no target. Submit it again.');
  const names = workNames(job);
  const done = (status: FileOutcome['status'], pixels: number): FileOutcome => ({
    ...{ status, output: null, sourceBytes: 0, bytes: 0, pixels, samples: 0 },
    seconds: (performance.now() - began) / 1000,
  });
  // The part exists if this is a second attempt; the plan is gone if the whole image is finished.
  if (await target.find(names.part(job.tile))) return done('exists', 0);
  if (!(await target.find(names.plan))) return done('exists', 0);
  const plan = parsePlan(await readWork(target, names.plan));
  const band = await readWork(target, names.band(job.tile));
  const model = run.options.model && (await modelOfJob(run.options.model, models));
  const { raster, coding } = await separateTile(plan, job.tile, band, model);
  const { chunk } = await encodeSeparateTile(raster, coding, { pool, signal });
  const bytes = encodeTileFile({ chunk, samplesDigest: sha256Text(band) });
  await target.write(names.part(job.tile), bytes, { replace: true });
  return done('done', raster.width * raster.height);
}
