import type { Need } from '../node/optional-package.js';

/** TensorFlow.js, an optional peer dependency of 65 MB that only training needs. */
export const TENSORFLOW: Need = {
  packages: [
    { name: '@tensorflow/tfjs-core', version: '4.22.0' },
    { name: '@tensorflow/tfjs-backend-wasm', version: '4.22.0' },
  ],
  why: 'training needs TensorFlow.js, which is not installed',
  code: 'training',
};
