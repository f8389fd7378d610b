import { loadOptional, type Need } from '../optional-package.js';

/** TensorFlow.js, an optional peer: 65 MB that only training needs. */
export const TENSORFLOW: Need = {
  packages: [
    { name: '@tensorflow/tfjs-core', version: '4.22.0' },
    { name: '@tensorflow/tfjs-backend-wasm', version: '4.22.0' },
  ],
  why: 'training needs TensorFlow.js, which is not installed',
  code: 'training',
};

/**
 * Loads the part of training that imports TensorFlow.js.
 * @throws PixrnnError 'training', with the command that installs it
 */
export async function loadTraining() {
  return loadOptional(TENSORFLOW, async () => {
    const [{ chooseBackend }, { train }] = await Promise.all([import('./backend.js'), import('./trainer.js')]);
    return { chooseBackend, train };
  });
}
