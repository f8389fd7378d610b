import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A data folder with the fixed binarised MNIST, where this machine has one. */
export const SHARED_DATA = process.env['PIXRNN_SHARED_DATA'] ?? '../shared/data';
export const FIXED_MNIST = join(SHARED_DATA, 'binarized-mnist');

/** Why a test cannot run here, or false. */
export const skipMnist = !existsSync(join(FIXED_MNIST, 'test.bits')) && `there is no ${FIXED_MNIST}`;
