import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { slashed } from '../node/path-text.js';

/**
 * Returns the absolute path of the directory of data sets: `given`, else the environment variable PIXRNN_DATA, else `pixrnn`
 * in the user's cache directory. It need not exist.
 */
export function dataFolder(given?: string, environment: NodeJS.ProcessEnv = process.env): string {
  const { PIXRNN_DATA: own, XDG_CACHE_HOME: cache } = environment;
  // An empty variable counts as unset, as in the XDG specification.
  return slashed(resolve(given ?? (own || join(cache || join(homedir(), '.cache'), 'pixrnn'))));
}
