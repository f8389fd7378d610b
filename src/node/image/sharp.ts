import { createRequire } from 'node:module';
import type Sharp from 'sharp';
import type { Sharp as Pipeline } from 'sharp';

/** sharp's CommonJS build: its ES module needs import attributes, which Node.js before 20.10 cannot parse. */
const require = createRequire(import.meta.url);

/** Loads sharp, which takes 30 ms that most commands can save. */
export function loadSharp(): typeof Sharp {
  return require('sharp') as typeof Sharp;
}

/** Calls sharp, which is loaded first. */
export function sharp(...given: Parameters<typeof Sharp>): Pipeline {
  return loadSharp()(...given);
}
