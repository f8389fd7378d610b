import * as tf from '@tensorflow/tfjs-core';
import { PixrnnError } from '../errors.js';
import { isNotInstalled, loadOptional } from '../node/optional-package.js';
import { registerGradients } from './gradients.js';
import { TENSORFLOW } from './tensorflow-packages.js';

export interface Backend {
  readonly name: string;
  /** A note for the user about its speed and about native backends that failed to load. */
  readonly remark: string;
}

const NATIVE = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

const SLOW = 'training runs in WebAssembly, about 25 times slower than with native TensorFlow';
const ADVICE =
  `Install native TensorFlow with \`npm install ${NATIVE[0]}\` or \`npm install ${NATIVE[1]}\`; if their download is blocked, ` +
  "pixrnn's scripts/native-tensorflow.sh builds it from PyPI's TensorFlow";

/**
 * Selects the fastest tfjs backend that can be loaded: @tensorflow/tfjs-node-gpu, @tensorflow/tfjs-node, WebAssembly.
 * `only` restricts the choice to `native` or `wasm`; `load` imports a package (replaced in tests). Throws `training` if
 * `native` is requested and none can be loaded.
 */
export async function chooseBackend(
  only?: 'native' | 'wasm',
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<Backend> {
  const broken: string[] = [];
  if (only !== 'wasm') {
    // Errors only; read when the library is loaded. TensorFlow 2.21 prints its oneDNN notice regardless.
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
    for (const name of NATIVE) {
      try {
        await load(name);
        if (!(await tf.setBackend('tensorflow'))) throw new Error('its backend does not start');
        return { name, remark: [...broken, `training with native TensorFlow (${name})`].join('. ') };
      } catch (error) {
        if (!isNotInstalled(name, error)) broken.push(`${name} is installed but cannot be loaded (${reason(error)})`);
      }
    }
  }
  if (only === 'native') {
    const why = broken.length > 0 ? broken : [`neither ${NATIVE.join(' nor ')} is installed`];
    throw new PixrnnError('training', `${[...why, ADVICE].join('. ')}. Or use --backend wasm.`);
  }
  await loadOptional(TENSORFLOW, () => import('@tensorflow/tfjs-backend-wasm'));
  await tf.setBackend('wasm');
  registerGradients();
  return { name: '@tensorflow/tfjs-backend-wasm', remark: [...broken, SLOW, ADVICE].join('. ') };
}

/** Returns the first line of an error; native loaders append whole stacks. */
function reason(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  return line.replace(/[.:]$/, '');
}
