import * as tf from '@tensorflow/tfjs-core';
import { BLOCK_TAPS, pixelCnn, pixelCnnMasks, type PixelCnnSpec } from '../pixelcnn.js';
import { inputWidth } from '../frame.js';
import { elementCount } from '../tensor-shape.js';
import { createVariables } from './variables.js';

/** Images of one size in a batch. */
export interface BatchShape {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
}

/** The tfjs half of PixelCNN: all pixels of a batch at once, for training and for checking the engine. */
export class PixelCnnNetwork {
  readonly variables: ReadonlyMap<string, tf.Variable>;
  private readonly masks = new Map<string, tf.Tensor>();

  /** Takes the given tensors, or draws He-normal weights from `random` (standard normal numbers). */
  constructor(
    readonly spec: PixelCnnSpec,
    tensors: ReadonlyMap<string, Float32Array> | { random: () => number },
  ) {
    const shapes = pixelCnn.shapes(spec);
    this.variables = createVariables(shapes, ({ name, shape }) =>
      'random' in tensors ? initial(name, shape, tensors.random) : tensors.get(name),
    );
    const masks = pixelCnnMasks(spec);
    for (const { name, shape } of shapes) {
      const mask = masks.get(name);
      if (mask) this.masks.set(name, tf.tensor(mask, [...shape]));
    }
  }

  /**
   * Logits, [pixels * channels, 256], of first-layer inputs, [pixels, inputWidth]; pixels in raster order, image by
   * image.
   */
  logits(inputs: tf.Tensor2D, { batch, height, width }: BatchShape): tf.Tensor2D {
    const { hidden, blocks, channels } = this.spec;
    if (inputs.shape[1] !== inputWidth(channels)) throw new Error('inputs of another width');
    let x = this.dense(inputs, 'input');
    for (let i = 0; i < blocks; i++) {
      const reduced = tf.relu(this.dense(tf.relu(x), `block.${i}.reduce`));
      const taps = causalTaps(tf.reshape(reduced, [batch, height, width, hidden]));
      const convolved = this.dense(tf.reshape(taps, [-1, BLOCK_TAPS * hidden]), `block.${i}.conv`);
      x = tf.add(x, this.dense(tf.relu(convolved), `block.${i}.expand`));
    }
    const head = tf.relu(this.dense(tf.relu(x), 'head'));
    return tf.reshape(this.dense(head, 'softmax'), [-1, 256]);
  }

  /** The weights under their masks, as they are shipped. */
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

  private masked(name: string): tf.Tensor {
    const variable = this.variables.get(name) as tf.Variable;
    const mask = this.masks.get(name);
    return mask ? tf.mul(variable, mask) : variable;
  }

  private dense(x: tf.Tensor2D, layer: string): tf.Tensor2D {
    return tf.add(tf.matMul(x, this.masked(`${layer}.weight`) as tf.Tensor2D), this.masked(`${layer}.bias`));
  }
}

/** [b, y, x, h] -> [b, y, x, 5h]: the features at NW, N, NE, W and at the pixel itself; zero outside of the image. */
function causalTaps(x: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, hidden] = x.shape;
  const padded = tf.pad(x, [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ]);
  const tap = (dy: number, dx: number): tf.Tensor4D =>
    tf.slice(padded, [0, 1 + dy, 1 + dx, 0], [batch, height, width, hidden]);
  return tf.concat([tap(-1, -1), tap(-1, 0), tap(-1, 1), tap(0, -1), x], 3);
}

/**
 * He-normal by fan-in; the last layer of each residual branch and the softmax start small so that training starts calm.
 */
function initial(name: string, shape: readonly number[], random: () => number): Float32Array {
  const values = new Float32Array(elementCount(shape));
  if (name.endsWith('.bias')) return values;
  const small = name.includes('expand') || name.startsWith('softmax') ? 0.2 : 1;
  const scale = small * Math.sqrt(2 / (shape[0] as number));
  return values.map(() => scale * random());
}
