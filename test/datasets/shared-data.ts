import { join } from 'node:path';
import { needsData, SHARED_DATA } from '../needs.js';

export { SHARED_DATA };

/** The fixed binarized MNIST. */
export const FIXED_MNIST = join(SHARED_DATA, 'binarized-mnist');
export const skipMnist = needsData('binarized-mnist', 'test.bits');
