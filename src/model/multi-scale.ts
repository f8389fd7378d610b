import type { Architecture, TensorShape } from './architecture.js';
import { checkedNetwork, PIXEL_RNN_KINDS, type PixelRnnSpec } from './pixelrnn/spec.js';
import { pixelRnnMacs, pixelRnnShapes } from './pixelrnn/tensors.js';
import { checkedChannels, invalidField } from './spec-fields.js';

/**
 * Multi-Scale PixelRNN (paper, section 3.6): an unconditional network for the smallest image, then networks for
 * increasingly large images, each conditioned on the previous image, which has every factor-th of its pixels.
 */
export interface MultiScaleSpec {
  readonly architecture: 'multi-scale';
  readonly channels: 1 | 3;
  /** From the smallest to the whole image; all but the first have a condition. All have the same number of channels. */
  readonly scales: readonly PixelRnnSpec[];
}

/** With factors of at least 2, the smallest image of the largest tile then still has more than one pixel. */
const MAX_SCALES = 5;

function checkedSpec(json: Record<string, unknown>): MultiScaleSpec {
  const channels = checkedChannels(json);
  const { scales } = json;
  if (!Array.isArray(scales) || scales.length < 2 || scales.length > MAX_SCALES) {
    throw invalidField(
      'scales',
      `a list of 2 to ${MAX_SCALES} networks`,
      Array.isArray(scales) ? scales.length : scales,
    );
  }
  return { architecture: 'multi-scale', channels, scales: scales.map((scale, i) => checkedScale(scale, i, channels)) };
}

function checkedScale(json: unknown, index: number, channels: number): PixelRnnSpec {
  const field = `scale ${index}`;
  if (typeof json !== 'object' || json === null) throw invalidField(field, 'a network', json);
  const fields = json as Record<string, unknown>;
  const kind = PIXEL_RNN_KINDS.find((k) => k === fields.architecture);
  if (!kind) throw invalidField(`${field}'s architecture`, PIXEL_RNN_KINDS.join(', '), fields.architecture);
  const spec = checkedNetwork(kind, fields);
  if (spec.channels !== channels)
    throw invalidField(`${field}'s channels`, `${channels}, like the model's`, spec.channels);
  if ((spec.condition !== undefined) !== index > 0) {
    throw invalidField(`${field}'s condition`, index > 0 ? 'present' : 'omitted', spec.condition);
  }
  if (spec.output === 'bernoulli') throw invalidField(`${field}'s output`, 'of 8 bits', spec.output);
  return spec;
}

/** Returns the prefix of a scale's tensor names. */
export function scalePrefix(index: number): string {
  return `scale.${index}.`;
}

function shapes({ scales }: MultiScaleSpec): TensorShape[] {
  return scales.flatMap((scale, i) =>
    pixelRnnShapes(scale).map(({ name, shape }) => ({ name: scalePrefix(i) + name, shape })),
  );
}

/**
 * Returns the ratio between the sides of the whole image and of each scale, from the smallest image; 1 for the last.
 */
export function scaleFactors({ scales }: MultiScaleSpec): number[] {
  const factors: number[] = [];
  let factor = 1;
  for (const { condition } of [...scales].reverse()) {
    factors.unshift(factor);
    factor *= condition?.factor ?? 1;
  }
  return factors;
}

/** Per pixel of the whole image: the smaller images have only a fraction of its pixels. */
function macsPerPixel(spec: MultiScaleSpec): number {
  const factors = scaleFactors(spec);
  return Math.round(spec.scales.reduce((sum, scale, i) => sum + pixelRnnMacs(scale) / (factors[i] as number) ** 2, 0));
}

export const multiScale: Architecture<MultiScaleSpec> = {
  name: 'multi-scale',
  checkedSpec,
  shapes,
  macsPerPixel,
  depths: () => [8],
  usesSideInformation: false,
  engineCode: 0,
  engineSpec: () => {
    throw new Error('the scales of a multi-scale model are loaded one by one');
  },
};
