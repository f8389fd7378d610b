import * as tf from '@tensorflow/tfjs-core';
import { inputWidth } from '../../model/frame.js';
import type { PixelRnnSpec } from '../../model/pixelrnn/spec.js';
import { outputWidth } from '../../model/pixelrnn/spec.js';
import { initialWeights } from './initial-weights.js';
import { byGate, lstmStates, shiftedDown } from './lstm-states.js';
import { MaskedLayers } from './masked-layers.js';
import { relu } from './relu.js';
import { type SmallBatch, upsampled } from './upsampler.js';

/** Number and size of the images of a batch. */
export interface BatchShape {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
}

/** Input of a layer. */
interface LayerInput extends BatchShape {
  /** Prefix of the layer's tensor names. */
  readonly name: string;
  /** [pixels, 2h] */
  readonly x: tf.Tensor2D;
  /** The small image's contribution to the layer's first maps, [pixels, .]. */
  readonly conditioning: tf.Tensor2D | undefined;
}

/** The tfjs implementation of the paper's networks: all pixels of a batch at once, for training and for checking the engine. */
export class PixelRnnNetwork {
  private readonly layers: MaskedLayers;

  /**
   * Uses the given tensors, or draws weights from `random` (standard normal numbers).
   * @param prefix prefix of variable names, if there are several networks
   */
  constructor(
    readonly spec: PixelRnnSpec,
    tensors: ReadonlyMap<string, Float32Array> | { random: () => number },
    prefix = '',
  ) {
    this.layers = new MaskedLayers(spec, prefix, (tensor) =>
      'random' in tensors ? initialWeights(spec, tensor, tensors.random) : tensors.get(prefix + tensor.name),
    );
  }

  get variables(): ReadonlyMap<string, tf.Variable> {
    return this.layers.variables;
  }

  /**
   * Returns the output of the last layer for every sample, [pixels * channels, outputWidth], from first-layer inputs,
   * [pixels, inputWidth]; pixels in raster order, image by image. A conditional network also needs the small images.
   */
  outputs(inputs: tf.Tensor2D, shape: BatchShape, small?: SmallBatch): tf.Tensor2D {
    const { blocks, channels, residual = true, skip = false, condition, output } = this.spec;
    if (inputs.shape[1] !== inputWidth(channels)) throw new Error('the inputs have the wrong width');
    if ((condition === undefined) !== (small === undefined)) throw new Error('small images are missing or unexpected');
    const map = condition && small && upsampled(this.layers, condition, small, shape);
    const pixels = shape.batch * shape.height * shape.width;
    let x: tf.Tensor2D = this.layers.dense(inputs, 'input');
    let skipped: tf.Tensor2D | null = null;
    for (let i = 0; i < blocks; i++) {
      const name = `block.${i}`;
      const conditioning = map && this.layers.dense(tf.reshape(map, [pixels, -1]), `${name}.condition`);
      const inner = this.layer({ ...shape, name, x, conditioning });
      const branch = this.layers.dense(inner, `${name}.expand`);
      x = residual ? tf.add<tf.Tensor2D>(x, branch) : branch;
      if (!skip) continue;
      const toHead = this.layers.dense(inner, `${name}.skip`);
      skipped = skipped ? tf.add<tf.Tensor2D>(skipped, toHead) : toHead;
    }
    const last = skipped ? tf.add<tf.Tensor2D>(x, skipped) : x;
    const head = relu(this.layers.dense(relu(last), 'head'));
    const layer = output === undefined ? 'softmax' : 'output';
    return tf.reshape(this.layers.dense(head, layer), [-1, outputWidth(this.spec)]);
  }

  /** Returns the masked weights, as stored in model files. */
  tensors(): Promise<Map<string, Float32Array>> {
    return this.layers.tensors();
  }

  dispose(): void {
    this.layers.dispose();
  }

  /** Returns the inner features of a layer, [pixels, h]. */
  private layer(input: LayerInput): tf.Tensor2D {
    switch (this.spec.architecture) {
      case 'pixelcnn':
        return this.residualBlock(input);
      case 'row-lstm':
        return this.rowLstm(input);
      case 'diagonal-bilstm':
        return this.diagonalBiLstm(input);
    }
  }

  private residualBlock({ batch, height, width, name, x, conditioning }: LayerInput): tf.Tensor2D {
    const { hidden } = this.spec;
    const sums = this.layers.dense(relu(x), `${name}.reduce`);
    const reduced = relu(conditioning ? tf.add(sums, conditioning) : sums);
    return relu(this.layers.conv(tf.reshape(reduced, [batch, height, width, hidden]), `${name}.conv`));
  }

  private rowLstm({ batch, height, width, name, x, conditioning }: LayerInput): tf.Tensor2D {
    const { hidden, channels } = this.spec;
    const features = tf.reshape(x, [batch, height, width, 2 * hidden]);
    const atLeft = tf.pad(tf.slice(features, [0, 0, 0, 0], [batch, height, width - 1, 2 * hidden]), [
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 0],
    ]);
    const both = tf.reshape<tf.Rank.R2>(tf.concat([atLeft, features], 3), [-1, 4 * hidden]);
    const maps = this.inputToState(both, `${name}.input`, conditioning);
    const kernel = byGate(this.layers.weight(`${name}.state`), channels);
    const states = lstmStates(tf.reshape(maps, [batch, height, width, -1]), kernel, 'rows');
    return tf.reshape(states, [-1, hidden]);
  }

  private diagonalBiLstm({ batch, height, width, name, x, conditioning }: LayerInput): tf.Tensor2D {
    const { hidden, channels } = this.spec;
    const parts = conditioning && (tf.split(conditioning, 2, 1) as [tf.Tensor2D, tf.Tensor2D]);
    const [left, right] = (['left', 'right'] as const).map((direction, i) => {
      const maps = this.inputToState(x, `${name}.${direction}.input`, parts?.[i]);
      const kernel = byGate(this.layers.weight(`${name}.${direction}.state`), channels);
      return lstmStates(tf.reshape(maps, [batch, height, width, -1]), kernel, direction);
    }) as [tf.Tensor4D, tf.Tensor4D];
    // Shifted, because in its own row the right direction depends on pixels that are not coded yet.
    return tf.reshape(tf.add(left, shiftedDown(right)), [-1, hidden]);
  }

  /** Returns the input-to-state maps of all pixels, [pixels, 4h], columns ordered by gate. */
  private inputToState(x: tf.Tensor2D, layer: string, conditioning: tf.Tensor2D | undefined): tf.Tensor2D {
    const { channels } = this.spec;
    // The weights are reordered, not the maps, which are thousands of times larger.
    const maps = this.layers.dense(x, layer, (columns) => byGate(columns, channels));
    return conditioning ? tf.add(maps, byGate(conditioning, channels)) : maps;
  }
}
