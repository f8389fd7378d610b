import * as tf from '@tensorflow/tfjs-core';
import type { TensorShape } from '../../model/architecture.js';

/** Creates the variables of a network by name, in the order of its tensors; `valuesOf` returns their initial values. */
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

/** Returns a copy of a variable's values; `dataSync` may return the variable's own memory. */
export function copyOfValues(variable: tf.Variable): Float32Array {
  return Float32Array.from(variable.dataSync());
}

/** Sets a variable's values. tfjs may keep the array, so it must not be changed afterwards. */
export function setValues(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}
