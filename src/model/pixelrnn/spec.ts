import { PixrnnError } from '../../errors.js';
import type { Frame } from '../frame.js';
import { checkedChannels, checkedSize, invalidField } from '../spec-fields.js';

/** The paper's single-scale networks, which differ in the kind of their inner layers. */
export const PIXEL_RNN_KINDS = ['pixelcnn', 'row-lstm', 'diagonal-bilstm'] as const;
export type PixelRnnKind = (typeof PIXEL_RNN_KINDS)[number];

/**
 * Output distributions: a softmax of 256 classes (section 3.2), one probability for 1-bit samples (the paper's MNIST),
 * or a continuous distribution like the one that the paper compares with, here a mixture of logistics.
 */
export const OUTPUTS = ['softmax', 'bernoulli', 'logistics'] as const;
export type Output = (typeof OUTPUTS)[number];

/** The small image that conditions a network of Multi-Scale PixelRNN (section 3.6). */
export interface Condition {
  /** The small image has every factor-th pixel of every factor-th row, starting at (0, 0). */
  readonly factor: number;
  /** c: features of the map that the deconvolution computes from it. */
  readonly features: number;
}

/**
 * Spec of a PixelCNN, Row LSTM or Diagonal BiLSTM (paper, section 3 and table 1). Optional fields mark departures from
 * the paper's default; fields with the default value are omitted.
 */
export interface PixelRnnSpec {
  readonly architecture: PixelRnnKind;
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  /** h: features inside a layer; 2h between layers. */
  readonly hidden: number;
  /** Number of layers: PixelCNN's residual blocks, or LSTM layers. */
  readonly blocks: number;
  /** Features between the last two 1x1 layers. */
  readonly head: number;
  readonly frame: Frame;
  /** Default: softmax. */
  readonly output?: 'bernoulli' | 'logistics';
  /** Number of components of the mixture of logistics; only with that output. */
  readonly components?: number;
  /** false: a layer's output replaces its input instead of being added to it. */
  readonly residual?: false;
  /** true: a skip connection from every layer to the head. */
  readonly skip?: true;
  /** Only for conditional networks of Multi-Scale. */
  readonly condition?: Condition;
}

/** Maximum factor between an image and the previous smaller one. */
const MAX_FACTOR = 8;

/** Parses the spec of an unconditional network from untrusted JSON. Throws `model-invalid`. */
export function checkedPixelRnn(architecture: PixelRnnKind, json: Record<string, unknown>): PixelRnnSpec {
  if (json.condition !== undefined) {
    throw new PixrnnError(
      'model-invalid',
      'the model has a condition, which only the networks of a multi-scale model may have. Leave out `condition`.',
    );
  }
  return checkedNetwork(architecture, json);
}

/** Parses the spec of a network that may be conditional. */
export function checkedNetwork(architecture: PixelRnnKind, json: Record<string, unknown>): PixelRnnSpec {
  const channels = checkedChannels(json);
  // Each channel group fills whole SIMD vectors of four.
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

/** Validates frame and output: 1-bit samples have no local frame and no 256 classes. */
function checkedOutput(
  json: Record<string, unknown>,
  channels: 1 | 3,
): Pick<PixelRnnSpec, 'frame' | 'output' | 'components'> {
  const { frame, output } = json;
  if (frame !== 'absolute' && frame !== 'local') throw invalidField('frame', "'absolute' or 'local'", frame);
  if (output !== 'logistics' && json.components !== undefined) {
    throw invalidField('components', "omitted unless the output is 'logistics'", json.components);
  }
  switch (output) {
    case undefined:
      return { frame };
    case 'bernoulli':
      if (channels !== 1) throw invalidField('channels', "1 with the output 'bernoulli'", channels);
      if (frame !== 'absolute') throw invalidField('frame', "'absolute' with the output 'bernoulli'", frame);
      return { frame, output };
    case 'logistics':
      return { frame, output, components: checkedSize(json, 'components', 1, 32) };
    default:
      throw invalidField('output', "'bernoulli', 'logistics' or omitted", output);
  }
}

/** Validates an optional field whose only valid value is `value`, the opposite of its default. */
function checkedFlag<F extends string, V extends boolean>(
  json: Record<string, unknown>,
  field: F,
  value: V,
): { [K in F]?: V } {
  if (json[field] === undefined) return {};
  if (json[field] !== value) throw invalidField(field, `${value} or omitted`, json[field]);
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

/**
 * Returns the number of outputs of the last layer per sample: logits, or weights, means and log scales of the
 * components.
 */
export function outputWidth({ output, components = 0 }: Pick<PixelRnnSpec, 'output' | 'components'>): number {
  if (output === 'bernoulli') return 1;
  return output === 'logistics' ? 3 * components : 256;
}
