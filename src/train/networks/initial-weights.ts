import { GATES } from '../../model/pixelrnn/tensors.js';
import type { PixelRnnSpec } from '../../model/pixelrnn/spec.js';
import { elementCount } from '../../model/tensor-shape.js';

/** Initial bias of the forget gates, so that states persist over long distances (Jozefowicz et al., 2015). */
const FORGET_BIAS = 1;

/**
 * Returns the initial values of a tensor: normal weights with He variance before a ReLU and variance 1 / fan-in before a gate;
 * the last layer of each branch and of the network is scaled down, so that training starts stably.
 * @param random returns standard normal numbers
 */
export function initialWeights(
  { architecture, channels }: PixelRnnSpec,
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
  random: () => number,
): Float32Array {
  const values = new Float32Array(elementCount(shape));
  const isLstm = architecture !== 'pixelcnn' && name.startsWith('block.');
  const isGate = isLstm && (name.includes('input') || name.includes('state'));
  if (name.endsWith('.bias')) return isGate ? withForgetBias(values, channels) : values;
  const isLast = /expand|skip|condition|^softmax|^output/.test(name);
  const variance = (isGate ? 1 : 2) / (shape[0] as number);
  const scale = (isLast ? 0.2 : 1) * Math.sqrt(variance);
  return values.map(() => scale * random());
}

/** Sets the bias of the forget gates. Gates are ordered by channel group, within a group o, f, i, g. */
function withForgetBias(bias: Float32Array, channels: number): Float32Array {
  const n = bias.length / (GATES * channels);
  return bias.map((_, i) => (Math.floor(i / n) % GATES === 1 ? FORGET_BIAS : 0));
}
