import * as tf from '@tensorflow/tfjs-core';
import { LEAK, photo, type PhotoSpec } from '../../model/photo.js';
import { elementCount } from '../../model/tensor-shape.js';
import { causalConv } from './causal-conv.js';
import { mixtureBitsSum } from './mixture.js';
import { createVariables } from './variables.js';

/**
 * Independent tiles of one size, pixels in raster order, tile by tile: n = batch * height * width pixels.
 */
export interface PhotoTiles {
  readonly shape: { readonly batch: number; readonly height: number; readonly width: number };
  /** [n][photoInputs] */
  readonly inputs: Float32Array;
  /** By channel: [n][headExtras(c)] */
  readonly extras: readonly Float32Array[];
  /** [channels][n] */
  readonly centres: Float32Array;
  /** [channels][n] */
  readonly values: Float32Array;
}

/** The tfjs implementation of the photo model: all pixels of a batch at once, for training and for checking the engine. */
export class PhotoNetwork {
  readonly variables: ReadonlyMap<string, tf.Variable>;

  /** Uses the given tensors, or draws weights with `uniform` (numbers in [0, 1)). */
  constructor(
    readonly spec: PhotoSpec,
    tensors: ReadonlyMap<string, Float32Array> | { uniform(): number },
  ) {
    let inputs = 0;
    this.variables = createVariables(photo.shapes(spec), ({ name, shape }) => {
      if (!('uniform' in tensors)) return tensors.get(name);
      if (shape.length === 2) inputs = shape[0] as number; // a bias follows its weights
      return initial(name, elementCount(shape), inputs, () => tensors.uniform());
    });
  }

  /** Returns the mixture parameters, [channels * n, P], channel by channel. */
  parameters({ shape, inputs, extras }: Pick<PhotoTiles, 'shape' | 'inputs' | 'extras'>): tf.Tensor2D {
    const { channels, features, blocks } = this.spec;
    const { batch, height, width } = shape;
    const pixels = batch * height * width;
    const rows = (values: Float32Array): tf.Tensor2D => tf.tensor2d(values, [pixels, values.length / pixels]);
    let x = this.dense(rows(inputs), 'input');
    for (let i = 0; i < blocks; i++) {
      const convolved = this.conv(tf.reshape(leaky(x), [batch, height, width, features]), `block.${i}.conv`);
      x = tf.add(x, this.dense(leaky(convolved), `block.${i}.pointwise`));
    }
    const seen = leaky(x);
    const heads = Array.from({ length: channels }, (_, c) => {
      const hidden = this.dense(tf.concat([seen, rows(extras[c] as Float32Array)], 1), `head.${c}.hidden`);
      return this.dense(leaky(hidden), `head.${c}.mixture`);
    });
    return tf.concat(heads, 0);
  }

  /** Returns the mean code length of a sub-pixel in bits, with gradients. */
  meanBits(tiles: PhotoTiles): tf.Scalar {
    const { centres, values } = tiles;
    const column = (v: Float32Array): tf.Tensor2D => tf.tensor2d(v, [v.length, 1]);
    const sum = mixtureBitsSum(this.parameters(tiles), this.spec.components, column(centres), column(values));
    return tf.mul(sum, 1 / values.length);
  }

  /** Returns the weights, as stored in model files. */
  async tensors(): Promise<Map<string, Float32Array>> {
    const out = new Map<string, Float32Array>();
    for (const [name, variable] of this.variables) out.set(name, (await variable.data()) as Float32Array);
    return out;
  }

  dispose(): void {
    for (const variable of this.variables.values()) variable.dispose();
  }

  private variable(name: string): tf.Variable {
    return this.variables.get(name) as tf.Variable;
  }

  private dense(x: tf.Tensor2D, layer: string): tf.Tensor2D {
    return tf.add(tf.matMul(x, this.variable(`${layer}.weight`) as tf.Tensor2D), this.variable(`${layer}.bias`));
  }

  /** Causal convolution with bias, [batch, height, width, features] to [n, features]. */
  private conv(x: tf.Tensor4D, layer: string): tf.Tensor2D {
    const sums = causalConv(x, this.variable(`${layer}.weight`) as tf.Tensor2D);
    return tf.add(sums, this.variable(`${layer}.bias`));
  }
}

/** Leaky ReLU: x above 0, LEAK * x below. Defines its gradient, because some backends lack it. */
function leaky(x: tf.Tensor2D): tf.Tensor2D {
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([input as tf.Tensor2D]);
    return {
      value: tf.leakyRelu(input as tf.Tensor2D, LEAK),
      gradFunc: (dy: tf.Tensor2D, saved: tf.Tensor[]) =>
        tf.where(tf.greater(saved[0] as tf.Tensor, 0), dy, tf.mul(dy, LEAK)),
    };
  })(x);
}

/** Returns uniform initial weights by fan-in; the last layers of residual branches and heads are scaled down for stability. */
function initial(name: string, size: number, inputs: number, uniform: () => number): Float32Array {
  const small = name.endsWith('pointwise.weight') ? 0.3 : name.endsWith('mixture.weight') ? 0.1 : 1;
  const bound = small / Math.sqrt(inputs);
  return Float32Array.from({ length: size }, () => bound * (2 * uniform() - 1));
}
