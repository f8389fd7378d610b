import { MAX_COMMAND_SECONDS } from '../../codec/decoding-time.js';
import { modelInJobs } from '../../farm/models.js';
import type { RunOptions } from '../../farm/run.js';
import { MAX_PIXELS } from '../../image/raster.js';
import { modelOf } from '../model-argument.js';
import type { SubmittingArguments } from '../queue-options.js';
import { rejectLocalOptions, runOnFarm } from './queue-run.js';
import type { VerifyArguments } from './verify.js';

/** `pixrnn verify` on workers. */
export async function verifyOnFarm(args: VerifyArguments & SubmittingArguments): Promise<void> {
  rejectLocalOptions(args, ['against', 'manifest', 'strip-metadata', 'allow-lossy-source', 'first-frame', 'page']);
  const model = await modelOf(args);
  const options: RunOptions = {
    ...(args.full && { full: true }),
    ...(model && { model: modelInJobs(model) }),
    ...(args['max-pixels'] !== MAX_PIXELS && { maxPixels: args['max-pixels'] }),
    ...(args['max-seconds'] !== MAX_COMMAND_SECONDS && { maxSeconds: Math.ceil(args['max-seconds']) }),
  };
  await runOnFarm('verify', args.files, args, options);
}
