import { loadOptional } from '../node/optional-package.js';
import { TENSORFLOW } from './tensorflow-packages.js';

/**
 * Loads the modules that import TensorFlow.js.
 * @throws PixrnnError `training` if TensorFlow.js is not installed, with the command that installs it
 */
export async function loadTraining() {
  return loadOptional(TENSORFLOW, async () => {
    const [{ chooseBackend }, { train }] = await Promise.all([import('./backend.js'), import('./trainer.js')]);
    return { chooseBackend, train };
  });
}
