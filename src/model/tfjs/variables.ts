import * as tf from '@tensorflow/tfjs-core';
import type { TensorShape } from '../architecture.js';

/** A network's variables by name, in the order of its tensors; `valuesOf` gives what each begins with. */
export function createVariables(
  tensors: readonly TensorShape[],
  valuesOf: (tensor: TensorShape) => Float32Array | undefined,
): Map<string, tf.Variable> {
  const variables = new Map<string, tf.Variable>();
  for (const tensor of tensors) {
    const { name, shape } = tensor;
    const values = valuesOf(tensor);
    if (!values) throw new Error(`no tensor ${name}`);
    // The tidy disposes of the tensor that the variable copies.
    const variable = tf.tidy(() => tf.variable(tf.tensor(values, [...shape]), true, name));
    variables.set(name, variable);
  }
  return variables;
}
