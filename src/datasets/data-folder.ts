import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where data sets are kept: the folder that is given, else that of the environment's PIXRNN_DATA, else `pixrnn` in the
 * user's cache. Absolute; it need not be there.
 */
export function dataFolder(given?: string, environment: NodeJS.ProcessEnv = process.env): string {
  const { PIXRNN_DATA: own, XDG_CACHE_HOME: cache } = environment;
  // An empty variable counts as none, as the XDG specification has it.
  return resolve(given ?? (own || join(cache || join(homedir(), '.cache'), 'pixrnn')));
}
