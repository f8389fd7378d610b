import * as tf from '@tensorflow/tfjs-core';
import type { TensorShape } from '../../model/architecture.js';

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

/** A variable's values in an array of their own: what tfjs hands out may be the variable's. */
export function copyOfValues(variable: tf.Variable): Float32Array {
  return Float32Array.from(variable.dataSync());
}

/** Gives a variable new values. tfjs may keep the array, which is not to change afterwards. */
export function setValues(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}
