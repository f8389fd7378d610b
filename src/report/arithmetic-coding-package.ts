import type { Need } from '../node/optional-package.js';

/** The npm package `arithmetic-coding`, an optional peer dependency that only `report --check-coder` needs. */
export const ARITHMETIC_CODING: Need = {
  packages: [{ name: 'arithmetic-coding', version: '1.2.3' }],
  why: '--check-coder needs the package arithmetic-coding, which is not installed',
  code: 'usage',
};
