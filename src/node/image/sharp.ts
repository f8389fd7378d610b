import { createRequire } from 'node:module';
import type Sharp from 'sharp';
import type { Sharp as Pipeline } from 'sharp';
import { PixrnnError } from '../../errors.js';
import { isNotInstalled } from '../optional-package.js';

/** sharp's CommonJS build: its ES module needs import attributes, which Node.js before 20.10 cannot parse. */
const require = createRequire(import.meta.url);

/**
 * Loads sharp, which takes 30 ms that most commands can save.
 * @throws PixrnnError 'input-unsupported' if it is not installed: it is not part of the single-file program
 */
export function loadSharp(): typeof Sharp {
  try {
    const loaded = require('sharp') as typeof Sharp;
    loaded.cache(false); // it keeps files open, and Windows does not delete or replace an open file
    return loaded;
  } catch (error) {
    if (!isNotInstalled('sharp', error)) throw error;
    const what = 'TIFF, WebP, AVIF, decoded JPEG images and previews need the package sharp, which is not installed';
    throw new PixrnnError('input-unsupported', `${what}. Run \`npm install sharp\` in the directory of pixrnn.`, {
      cause: error,
    });
  }
}

/** Calls sharp, which is loaded first. */
export function sharp(...given: Parameters<typeof Sharp>): Pipeline {
  return loadSharp()(...given);
}
