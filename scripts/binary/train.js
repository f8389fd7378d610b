import { leftOut } from './left-out.js';

/** `pixrnn train`, which needs TensorFlow.js. */
export function runTraining() {
  return Promise.reject(leftOut('training'));
}
