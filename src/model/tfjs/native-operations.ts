import * as tf from '@tensorflow/tfjs-core';

/* Operations of native TensorFlow that tfjs has no name for, where they save much of a training step. */

/** What a native backend has beside tfjs's own interface. */
interface NativeBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number; readonly TF_INT32: number };
  executeMultipleOutputs(
    operation: string,
    attributes: readonly { readonly name: string; readonly type: number; readonly value: number }[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/**
 * -ln p of each sample, [n], and its derivatives by the logits, [n, k], in one pass; null on other backends.
 * @param classes i32[n]
 */
export function nativeCrossEntropy(
  logits: tf.Tensor2D,
  classes: tf.Tensor1D,
): { losses: tf.Tensor; gradient: tf.Tensor } | null {
  if (tf.getBackend() !== 'tensorflow') return null;
  const backend = tf.backend() as unknown as NativeBackend;
  const { TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32 } = backend.binding;
  const [losses, gradient] = backend.executeMultipleOutputs(
    'SparseSoftmaxCrossEntropyWithLogits',
    [
      { name: 'T', type, value: TF_FLOAT },
      { name: 'Tlabels', type, value: TF_INT32 },
    ],
    [logits, classes],
    2,
  ) as [tf.Tensor, tf.Tensor];
  return { losses, gradient };
}
