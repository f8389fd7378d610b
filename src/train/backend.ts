import * as tf from '@tensorflow/tfjs-core';
import { PixrnnError } from '../errors.js';
import { registerGradients } from './gradients.js';

export interface Backend {
  readonly name: string;
  /** What to tell the user of its speed. */
  readonly remark: string;
}

const SLOW =
  'training runs in WebAssembly, about 25 times slower than with native TensorFlow. ' +
  'Install @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node, or run `npm run native-tensorflow` where their download is out of reach';

/**
 * Takes the fastest tfjs backend that is installed: @tensorflow/tfjs-node-gpu, @tensorflow/tfjs-node, WebAssembly.
 * `only` names one of `native` and `wasm`. Throws `training` where the native ones are asked for and none is there.
 */
export async function chooseBackend(only?: 'native' | 'wasm'): Promise<Backend> {
  if (only !== 'wasm') {
    for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']) {
      try {
        await import(name);
      } catch {
        continue; // not installed, or its native library is missing
      }
      await tf.setBackend('tensorflow');
      return { name, remark: `training with native TensorFlow (${name})` };
    }
    if (only === 'native') {
      throw new PixrnnError(
        'training',
        'neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node can be loaded. Install one of them, or train with --backend wasm.',
      );
    }
  }
  await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  registerGradients();
  return { name: '@tensorflow/tfjs-backend-wasm', remark: SLOW };
}
