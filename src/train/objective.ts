import * as tf from '@tensorflow/tfjs-core';
import { baseValues, gatherInputs, inputWidth, softmaxClasses } from '../model/frame.js';
import type { PixelCnnSpec } from '../model/pixelcnn.js';
import { crossEntropySum } from '../model/tfjs/likelihood.js';

/** A batch as the network takes it; all of one size, pixels in raster order, image by image. */
export interface Batch {
  readonly shape: { readonly batch: number; readonly height: number; readonly width: number };
  /** [pixels][inputWidth] */
  readonly inputs: Float32Array;
  /** [pixels][channels] */
  readonly classes: Int32Array;
}

/** What the loss needs of a network: logits, [pixels * channels, 256], of a batch's inputs. */
export interface Predictor {
  logits(inputs: tf.Tensor2D, shape: Batch['shape']): tf.Tensor2D;
}

/** First-layer inputs and softmax classes of images of one size, each [height][width][channels]. */
export function makeBatch(
  images: readonly Uint8Array[],
  width: number,
  height: number,
  { channels, frame }: Pick<PixelCnnSpec, 'channels' | 'frame'>,
): Batch {
  const pixels = width * height;
  const columns = inputWidth(channels);
  const inputs = new Float32Array(images.length * pixels * columns);
  const classes = new Int32Array(images.length * pixels * channels);
  images.forEach((samples, i) => {
    const base = baseValues(samples, width, channels, frame);
    const part = inputs.subarray(i * pixels * columns, (i + 1) * pixels * columns);
    gatherInputs(samples, base, width, height, channels, part);
    classes.set(softmaxClasses(samples, base, channels, frame), i * pixels * channels);
  });
  return { shape: { batch: images.length, height, width }, inputs, classes };
}

/** Mean of -ln p over all samples of a batch, in nats, as a tensor with gradients. */
export function meanNats(network: Predictor, { shape, inputs, classes }: Batch): tf.Scalar {
  const pixels = shape.batch * shape.height * shape.width;
  const logits = network.logits(tf.tensor2d(inputs, [pixels, inputs.length / pixels]), shape);
  return tf.mul(crossEntropySum(logits, tf.tensor1d(classes, 'int32')), 1 / classes.length);
}
