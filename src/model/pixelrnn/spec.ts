import { PixrnnError } from '../../errors.js';
import type { Frame } from '../frame.js';
import { checkedChannels, checkedSize, invalidField } from '../spec-fields.js';

/** The paper's networks that predict an image by itself: they differ in what a layer between the first and the head is. */
export const PIXEL_RNN_KINDS = ['pixelcnn', 'row-lstm', 'diagonal-bilstm'] as const;
export type PixelRnnKind = (typeof PIXEL_RNN_KINDS)[number];

/**
 * What a sample's distribution is: a softmax of 256 classes (section 3.2), one probability for samples of 1 bit (the
 * paper's MNIST), or the continuous head that it compares with, here a mixture of logistics.
 */
export const OUTPUTS = ['softmax', 'bernoulli', 'logistics'] as const;
export type Output = (typeof OUTPUTS)[number];

/** The small image that a network of Multi-Scale PixelRNN knows beforehand (section 3.6). */
export interface Condition {
  /** The small image has every factor-th pixel of every factor-th row, from (0, 0) on. */
  readonly factor: number;
  /** c: features of the map that the deconvolution makes of it. */
  readonly features: number;
}

/**
 * PixelCNN, Row LSTM or Diagonal BiLSTM (paper, section 3 and table 1): what defines the network. Optional fields are those in
 * which a network departs from the paper's usual one; where they say the same, they are left out.
 */
export interface PixelRnnSpec {
  readonly architecture: PixelRnnKind;
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  /** h: features inside a layer; 2h run between layers. */
  readonly hidden: number;
  /** Number of layers: residual blocks of PixelCNN, LSTM layers. */
  readonly blocks: number;
  /** Features between the two last 1x1 layers. */
  readonly head: number;
  readonly frame: Frame;
  /** Without it a softmax. */
  readonly output?: 'bernoulli' | 'logistics';
  /** Of the mixture of logistics; only there. */
  readonly components?: number;
  /** false: a layer's output takes the place of its input in place of being added to it. */
  readonly residual?: false;
  /** true: a connection from every layer to the head. */
  readonly skip?: true;
  /** Where the network is one of Multi-Scale's conditional ones. */
  readonly condition?: Condition;
}

/** Largest factor between an image and the small one before it. */
const MAX_FACTOR = 8;

/** A network that stands alone, out of untrusted JSON. Throws `model-invalid`. */
export function checkedPixelRnn(architecture: PixelRnnKind, json: Record<string, unknown>): PixelRnnSpec {
  if (json.condition !== undefined) {
    throw new PixrnnError(
      'model-invalid',
      'the model needs a smaller image to begin with. Use it within a multi-scale.',
    );
  }
  return checkedNetwork(architecture, json);
}

/** The same, and it may be conditional. */
export function checkedNetwork(architecture: PixelRnnKind, json: Record<string, unknown>): PixelRnnSpec {
  const channels = checkedChannels(json);
  // Each channel group is a whole number of SIMD vectors of four.
  const group = 4 * channels;
  return {
    architecture,
    channels,
    hidden: checkedSize(json, 'hidden', group, 512),
    blocks: checkedSize(json, 'blocks', 1, 64),
    head: checkedSize(json, 'head', group, 2048),
    ...checkedOutput(json, channels),
    ...checkedFlag(json, 'residual', false),
    ...checkedFlag(json, 'skip', true),
    ...(json.condition === undefined ? {} : { condition: checkedCondition(json.condition) }),
  };
}

/** Frame and output: a bit has no neighbourhood to be relative to, and no 256 values. */
function checkedOutput(
  json: Record<string, unknown>,
  channels: 1 | 3,
): Pick<PixelRnnSpec, 'frame' | 'output' | 'components'> {
  const { frame, output } = json;
  if (frame !== 'absolute' && frame !== 'local') throw invalidField('frame', "'absolute' or 'local'", frame);
  if (output !== 'logistics' && json.components !== undefined) {
    throw invalidField('components', "left out, its output being no 'logistics'", json.components);
  }
  switch (output) {
    case undefined:
      return { frame };
    case 'bernoulli':
      if (channels !== 1) throw invalidField('channels', '1 with bits as output', channels);
      if (frame !== 'absolute') throw invalidField('frame', "'absolute' with bits as output", frame);
      return { frame, output };
    case 'logistics':
      return { frame, output, components: checkedSize(json, 'components', 1, 32) };
    default:
      throw invalidField('output', "'bernoulli', 'logistics' or left out", output);
  }
}

/** A field that says nothing but `value`: the other is what holds without it. */
function checkedFlag<F extends string, V extends boolean>(
  json: Record<string, unknown>,
  field: F,
  value: V,
): { [K in F]?: V } {
  if (json[field] === undefined) return {};
  if (json[field] !== value) throw invalidField(field, `${value} or left out`, json[field]);
  return { [field]: value } as { [K in F]?: V };
}

function checkedCondition(json: unknown): Condition {
  if (typeof json !== 'object' || json === null) throw invalidField('condition', 'an object', json);
  const fields = json as Record<string, unknown>;
  const factor = checkedSize(fields, 'factor', 1, MAX_FACTOR);
  if (factor < 2) throw invalidField('factor', `from 2 to ${MAX_FACTOR}`, factor);
  return { factor, features: checkedSize(fields, 'features', 4, 256) };
}

export function outputOf({ output }: Pick<PixelRnnSpec, 'output'>): Output {
  return output ?? 'softmax';
}

/** Numbers that the last layer gives for one sample: logits, or weights, means and log scales of the components. */
export function outputWidth({ output, components = 0 }: Pick<PixelRnnSpec, 'output' | 'components'>): number {
  if (output === 'bernoulli') return 1;
  return output === 'logistics' ? 3 * components : 256;
}
