import { modelInJobs } from '../../farm/models.js';
import type { RunOptions } from '../../farm/run.js';
import { DEFAULT_EFFORT } from '../../effort.js';
import { MAX_PIXELS } from '../../image/raster.js';
import { modelOf } from '../model-argument.js';
import { effortOf } from '../options.js';
import type { SubmittingArguments } from '../queue-options.js';
import { type CompressArguments, exactnessOf } from './compress-arguments.js';
import { rejectLocalOptions, runOnFarm } from './queue-run.js';

/** `pixrnn compress` on workers. */
export async function compressOnFarm(args: CompressArguments & SubmittingArguments): Promise<void> {
  rejectLocalOptions(args, ['no-verify', 'manifest']);
  const model = await modelOf(args);
  const effort = effortOf(args);
  const exactness = exactnessOf(args);
  const options: RunOptions = {
    ...(effort !== DEFAULT_EFFORT && { effort }),
    ...(exactness !== 'auto' && { exactness }),
    ...(model && { model: modelInJobs(model) }),
    ...(args['no-origin'] && { origin: false }),
    ...(args['strip-metadata'] && { stripMetadata: true }),
    ...(args['allow-lossy-source'] && { allowLossySource: true }),
    ...(args['first-frame'] && { firstFrame: true }),
    ...(args.parity !== undefined && { parity: args.parity }),
    ...(args.page !== undefined && { page: args.page }),
    ...(args['max-pixels'] !== MAX_PIXELS && { maxPixels: args['max-pixels'] }),
    ...((args.force || args['skip-existing']) && { replace: true }),
  };
  await runOnFarm('compress', args.images, args, options);
}
