import * as tf from '@tensorflow/tfjs-core';

/*
 * tfjs-core on Node.js registers no gradients: only the union package @tensorflow/tfjs does, on which the native backends
 * depend. These are the gradients that the networks need on WebAssembly.
 */

type Gradient = Omit<tf.GradConfig, 'kernelName'>;

const GRADIENTS: Readonly<Record<string, Gradient>> = {
  [tf.Add]: {
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = pair(saved);
      return { a: () => sumTo(one(dy), a.shape), b: () => sumTo(one(dy), b.shape) };
    },
  },
  [tf.Multiply]: {
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = pair(saved);
      return { a: () => sumTo(tf.mul(one(dy), b), a.shape), b: () => sumTo(tf.mul(one(dy), a), b.shape) };
    },
  },
  [tf.BatchMatMul]: {
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved, attributes) => {
      if (attributes.transposeA || attributes.transposeB)
        throw new Error('the gradient of a transposed product is not implemented');
      const [a, b] = pair(saved);
      return { a: () => tf.matMul(one(dy), b, false, true), b: () => tf.matMul(a, one(dy), true, false) };
    },
  },
  [tf.Relu]: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(one(dy), tf.step(x as tf.Tensor)) }),
  },
  [tf.Reshape]: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => tf.reshape(one(dy), (x as tf.Tensor).shape) }),
  },
  [tf.Concat]: {
    saveAllInputs: true,
    gradFunc: (dy, saved, { axis }) => {
      const sizes = saved.map(({ shape }) => shape[axis as number] as number);
      // Inputs of a list are named by index.
      return Object.fromEntries(tf.split(one(dy), sizes, axis as number).map((part, i) => [i, () => part]));
    },
  },
  [tf.SplitV]: {
    gradFunc: (dy, _, { axis }) => ({ x: () => tf.concat(dy as tf.Tensor[], axis as number) }),
  },
  [tf.Transpose]: {
    gradFunc: (dy, _, { perm }) => ({
      x: () => tf.transpose(one(dy), tf.backend_util.getUndoAxesPermutation(perm as number[])),
    }),
  },
  [tf.PadV2]: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], { paddings }) => {
      const begin = (paddings as [number, number][]).map(([before]) => before);
      return { x: () => tf.slice(one(dy), begin, (x as tf.Tensor).shape) };
    },
  },
  [tf.Identity]: {
    gradFunc: (dy) => ({ x: () => tf.clone(one(dy)) }),
  },
  [tf.Conv2D]: {
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, { strides, pad }) => {
      if (strides !== 1 || pad !== 'valid')
        throw new Error('the gradient of a convolution with strides or padding is not implemented');
      const [x, filter] = pair(saved) as [tf.Tensor4D, tf.Tensor4D];
      const errors = one(dy) as tf.Tensor4D;
      return {
        x: () => tf.conv2dTranspose(errors, filter, x.shape, 1, 'valid'),
        filter: () => filterGradient(x, filter.shape, errors),
      };
    },
  },
  // Sizes of -1 (to the end) are not supported: only `mixture.ts` uses them, and it defines its own gradient.
  [tf.Slice]: {
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { shape } = x as tf.Tensor;
      const begin = attributes.begin as number[];
      const size = attributes.size as number[];
      const paddings = shape.map((whole, i): [number, number] => {
        const before = begin[i] as number;
        return [before, whole - before - (size[i] as number)];
      });
      return { x: () => tf.pad(one(dy), paddings) };
    },
  },
};

/** Registers the gradients that are not registered yet. */
export function registerGradients(): void {
  for (const [kernelName, gradient] of Object.entries(GRADIENTS)) {
    // undefined if missing, contrary to the declared type.
    if ((tf.getGradient(kernelName) as tf.GradConfig | undefined) === undefined) {
      tf.registerGradient({ kernelName, ...gradient });
    }
  }
}

/**
 * Returns the gradient of a filter, computed tap by tap because the WebAssembly backend has no kernel for it: x [b, h, w,
 * in], shape [kh, kw, in, out], dy [b, ., ., out].
 */
function filterGradient(x: tf.Tensor4D, shape: tf.Tensor4D['shape'], dy: tf.Tensor4D): tf.Tensor {
  const [kernelHeight, kernelWidth, inputs, outputs] = shape;
  const [batch, height, width] = dy.shape;
  const errors = tf.reshape(dy, [-1, outputs]);
  const taps: tf.Tensor2D[] = [];
  for (let y = 0; y < kernelHeight; y++) {
    for (let x0 = 0; x0 < kernelWidth; x0++) {
      const seen = tf.reshape(tf.slice(x, [0, y, x0, 0], [batch, height, width, inputs]), [-1, inputs]);
      taps.push(tf.matMul(seen, errors, true, false)); // [in, out]
    }
  }
  return tf.reshape(tf.concat(taps, 0), shape);
}

/** Sums over the axes along which an input of this shape was broadcast. */
function sumTo(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return axes.length > 0 ? tf.reshape(tf.sum(gradient, axes), shape) : gradient;
}

function one(dy: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return dy as tf.Tensor;
}

function pair(saved: tf.Tensor[]): [tf.Tensor, tf.Tensor] {
  return saved as [tf.Tensor, tf.Tensor];
}
