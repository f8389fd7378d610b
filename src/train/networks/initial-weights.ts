import { GATES } from '../../model/pixelrnn/tensors.js';
import type { PixelRnnSpec } from '../../model/pixelrnn/spec.js';
import { elementCount } from '../../model/tensor-shape.js';

/** Before training, gates forget little: what a state holds reaches far (Jozefowicz et al., 2015). */
const FORGET_BIAS = 1;

/**
 * What training starts from: normal weights, He's variance by fan-in before a ReLU and 1 / fan-in before a gate; the last
 * layer of each branch and of the network small, so that training starts calm.
 * @param random standard normal numbers
 */
export function initialWeights(
  { architecture, channels }: PixelRnnSpec,
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
  random: () => number,
): Float32Array {
  const values = new Float32Array(elementCount(shape));
  const isLstm = architecture !== 'pixelcnn' && name.startsWith('block.');
  const isGate = isLstm && (name.includes('input') || name.includes('state'));
  if (name.endsWith('.bias')) return isGate ? forgettingLittle(values, channels) : values;
  const isLast = /expand|skip|condition|^softmax|^output/.test(name);
  const variance = (isGate ? 1 : 2) / (shape[0] as number);
  const scale = (isLast ? 0.2 : 1) * Math.sqrt(variance);
  return values.map(() => scale * random());
}

/** Gates are ordered by channel group, in a group o, f, i, g. */
function forgettingLittle(bias: Float32Array, channels: number): Float32Array {
  const n = bias.length / (GATES * channels);
  return bias.map((_, i) => (Math.floor(i / n) % GATES === 1 ? FORGET_BIAS : 0));
}
