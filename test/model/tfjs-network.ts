/** The tfjs implementation of PixelCNN over whole images. */
import * as tf from '@tensorflow/tfjs-core';
import { PixelRnnNetwork } from '#pixrnn/train/networks/pixelrnn.js';
import { type Batch, makeBatch } from '#pixrnn/train/objective.js';
import { logProbabilities } from './log-probabilities.js';
import type { PixelCnnModel } from './models.js';
import type { Plain } from '../../fixtures/draw.js';

/** Images of one size as the network's input. */
export function batchOf(model: PixelCnnModel, rasters: readonly Plain[]): Batch {
  const [{ width, height }] = rasters as [Plain];
  return makeBatch(
    rasters.map(({ samples }) => samples),
    width,
    height,
    model.spec,
  );
}

/** Returns ln q of every class, [images * sub-pixels][256], and the class of each sub-pixel. */
export function tfjsDistributions(model: PixelCnnModel, rasters: readonly Plain[]) {
  const batch = batchOf(model, rasters);
  const network = new PixelRnnNetwork(model.spec, model.tensors);
  try {
    const logs = tf.tidy(() => {
      const pixels = batch.shape.batch * batch.shape.height * batch.shape.width;
      const inputs = tf.tensor2d(batch.inputs, [pixels, batch.inputs.length / pixels]);
      return logProbabilities(network.outputs(inputs, batch.shape)).dataSync();
    });
    return { logs, classes: batch.targets };
  } finally {
    network.dispose();
  }
}
