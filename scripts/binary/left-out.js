import { PixrnnError } from '../../dist/errors.js';

/**
 * Returns the error for something that the single-file program does not contain.
 * @param {string} what
 */
export function leftOut(what) {
  return new PixrnnError('usage', `the single-file program does not contain ${what}. Install pixrnn with npm.`);
}
