import * as tf from '@tensorflow/tfjs-core';
import type { PixelRnnSpec } from '../../model/pixelrnn/spec.js';
import { pixelRnnMasks, pixelRnnShapes } from '../../model/pixelrnn/tensors.js';
import { causalConv } from './causal-conv.js';
import { createVariables } from './variables.js';

/** The weights of one network as tfjs variables, and their masks. */
export class MaskedLayers {
  /** Unmasked weights, by name with prefix. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  private readonly masks = new Map<string, tf.Tensor>();

  /**
   * @param prefix prefix of variable names, because tfjs requires unique names over all networks
   * @param valuesOf returns the initial values of a tensor, by name without prefix
   */
  constructor(
    readonly spec: PixelRnnSpec,
    private readonly prefix: string,
    valuesOf: (tensor: { name: string; shape: readonly number[] }) => Float32Array | undefined,
  ) {
    const shapes = pixelRnnShapes(spec);
    const prefixed = shapes.map(({ name, shape }) => ({ name: prefix + name, shape }));
    this.variables = createVariables(prefixed, ({ name, shape }) =>
      valuesOf({ name: name.slice(prefix.length), shape }),
    );
    const masks = pixelRnnMasks(spec);
    for (const { name, shape } of shapes) {
      const mask = masks.get(name);
      if (mask) this.masks.set(prefix + name, tf.tensor(mask, [...shape]));
    }
  }

  /** Returns the masked weight of a layer, [inputs, outputs]. */
  weight(layer: string): tf.Tensor2D {
    return this.masked(`${this.prefix}${layer}.weight`) as tf.Tensor2D;
  }

  /**
   * x W + b, [n, inputs] to [n, outputs].
   * @param reordered returns W, and b as [1, outputs], with the outputs in another order
   */
  dense(x: tf.Tensor2D, layer: string, reordered = (columns: tf.Tensor2D): tf.Tensor2D => columns): tf.Tensor2D {
    const sums = tf.matMul<tf.Tensor2D>(x, reordered(this.weight(layer)));
    const bias = this.bias(layer);
    return bias ? tf.add(sums, reordered(tf.reshape(bias, [1, -1]))) : sums;
  }

  /** 3x3 convolution with mask B and bias, [b, y, x, inputs] to [pixels, outputs]. */
  conv(x: tf.Tensor4D, layer: string): tf.Tensor2D {
    const sums = causalConv(x, this.weight(layer));
    const bias = this.bias(layer);
    return bias ? tf.add(sums, bias) : sums;
  }

  /** Returns the masked weights, as stored in model files. */
  async tensors(): Promise<Map<string, Float32Array>> {
    const out = new Map<string, Float32Array>();
    for (const name of this.variables.keys()) {
      const masked = tf.tidy(() => this.masked(name));
      out.set(name, (await masked.data()) as Float32Array);
      if (this.masks.has(name)) masked.dispose();
    }
    return out;
  }

  dispose(): void {
    for (const t of [...this.variables.values(), ...this.masks.values()]) t.dispose();
  }

  private bias(layer: string): tf.Variable | undefined {
    return this.variables.get(`${this.prefix}${layer}.bias`);
  }

  private masked(name: string): tf.Tensor {
    const variable = this.variables.get(name);
    if (!variable) throw new Error(`no tensor ${name}`);
    const mask = this.masks.get(name);
    return mask ? tf.mul(variable, mask) : variable;
  }
}
