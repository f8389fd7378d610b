import { MAX_COMMAND_SECONDS } from '../../codec/decoding-time.js';
import { modelInJobs } from '../../farm/models.js';
import type { RunOptions } from '../../farm/run.js';
import { PixrnnError } from '../../errors.js';
import { MAX_PIXELS } from '../../image/raster.js';
import { modelOf } from '../model-argument.js';
import type { SubmittingArguments } from '../queue-options.js';
import type { DecompressArguments } from './decompress.js';
import { rejectLocalOptions, runOnFarm } from './queue-run.js';

/** `pixrnn decompress` on workers. */
export async function decompressOnFarm(args: DecompressArguments & SubmittingArguments): Promise<void> {
  rejectLocalOptions(args, ['preview', 'salvage']);
  const { format } = args;
  if (format === 'raw') {
    throw new PixrnnError('usage', '--format raw does not work on a queue. Use another format, or remove --queue.');
  }
  const model = await modelOf(args);
  const options: RunOptions = {
    ...(format !== undefined && { format }),
    ...(model && { model: modelInJobs(model) }),
    ...(args['max-pixels'] !== MAX_PIXELS && { maxPixels: args['max-pixels'] }),
    ...(args['max-seconds'] !== MAX_COMMAND_SECONDS && { maxSeconds: Math.ceil(args['max-seconds']) }),
    ...((args.force || args['skip-existing']) && { replace: true }),
  };
  await runOnFarm('decompress', args.files, args, options);
}
