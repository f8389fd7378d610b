import { PixrnnError } from '../errors.js';
import { type ModelSpec, parseSpec } from '../model/architectures.js';
import type { MultiScaleSpec } from '../model/multi-scale.js';
import { outputOf, type PixelRnnKind, type PixelRnnSpec } from '../model/pixelrnn/spec.js';

/*
 * The options of a network as single values, as users give them and as specs are shown.
 */

/** Options of a network; undefined means "not given". */
export interface SpecOptions {
  readonly architecture?: ModelSpec['architecture'] | undefined;
  readonly channels?: 1 | 3 | undefined;
  readonly hidden?: number | undefined;
  readonly blocks?: number | undefined;
  readonly head?: number | undefined;
  readonly frame?: string | undefined;
  readonly distribution?: string | undefined;
  readonly components?: number | undefined;
  readonly residual?: boolean | undefined;
  readonly skip?: boolean | undefined;
  /** photo: features per pixel. */
  readonly features?: number | undefined;
  /** photo: the least-squares predictors. */
  readonly predictors?: string | undefined;
  /** photo: the full mixer, or a lean one. */
  readonly mixer?: string | undefined;
  /** photo: which blocks learn while coding, the last one or all. */
  readonly learning?: string | undefined;
  /** multi-scale: number of networks, scale factor between two of them, their architecture and the features of the upsampler. */
  readonly scales?: number | undefined;
  readonly factor?: number | undefined;
  readonly network?: string | undefined;
  readonly upsampled?: number | undefined;
}

export type SpecOption = keyof SpecOptions;

export const DEFAULT_ARCHITECTURE = 'pixelcnn';

const PIXEL_RNN = { frame: 'local', distribution: 'softmax', residual: true, skip: false } as const;
const LSTM = { hidden: 24, blocks: 4, head: 72, ...PIXEL_RNN } as const;

/** The options of each architecture, apart from `channels`, and their defaults. */
export const DEFAULT_OPTIONS: Readonly<Record<ModelSpec['architecture'], SpecOptions>> = {
  pixelcnn: { hidden: 36, blocks: 5, head: 72, ...PIXEL_RNN },
  'row-lstm': LSTM,
  'diagonal-bilstm': LSTM,
  'multi-scale': { ...LSTM, scales: 2, factor: 2, network: 'diagonal-bilstm', upsampled: 24 },
  photo: { features: 64, blocks: 3, components: 5, head: 64, predictors: 'ABCDE', mixer: 'full', learning: 'last' },
};

/** Default number of logistic components of the paper's networks. */
const DEFAULT_COMPONENTS = 5;

/** Returns the spec of the options. Throws `usage` if the architecture does not have an option, `model-invalid`. */
export function specOf({ architecture = DEFAULT_ARCHITECTURE, channels = 3, ...given }: SpecOptions): ModelSpec {
  const defaults = DEFAULT_OPTIONS[architecture];
  const options = { ...defaults, ...withoutUndefined(given) };
  const isMixture = options.distribution === 'logistics';
  for (const option of Object.keys(options)) {
    if (option in defaults || (option === 'components' && isMixture)) continue;
    throw new PixrnnError('usage', `the model ${architecture} has no --${option}. Remove the option.`);
  }
  if (architecture === 'photo') return parseSpec({ architecture, channels, ...options });
  if (architecture !== 'multi-scale') return parseSpec(pixelRnn(architecture, channels, options));
  const { scales = 0, factor, upsampled: features } = options;
  const network = pixelRnn(options.network as PixelRnnKind, channels, options);
  const conditional = { ...network, condition: { factor, features } };
  const networks = Array.from({ length: scales }, (_, i) => (i === 0 ? network : conditional));
  return parseSpec({ architecture, channels, scales: networks });
}

function pixelRnn(architecture: PixelRnnKind, channels: 1 | 3, options: SpecOptions): Record<string, unknown> {
  const { hidden, blocks, head, frame, distribution, components = DEFAULT_COMPONENTS, residual, skip } = options;
  return {
    architecture,
    channels,
    hidden,
    blocks,
    head,
    frame,
    ...(distribution === 'softmax' ? {} : { output: distribution }),
    ...(distribution === 'logistics' ? { components } : {}),
    ...(residual === false ? { residual } : {}),
    ...(skip ? { skip } : {}),
  };
}

function withoutUndefined(options: SpecOptions): SpecOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Returns the options of a spec; the inverse of `specOf`. */
export function optionsOf(spec: ModelSpec): SpecOptions {
  switch (spec.architecture) {
    case 'photo':
      return { ...DEFAULT_OPTIONS.photo, ...spec };
    case 'multi-scale':
      return multiScaleOptions(spec);
    default:
      return pixelRnnOptions(spec);
  }
}

function pixelRnnOptions(spec: PixelRnnSpec): SpecOptions {
  const { architecture, channels, hidden, blocks, head, frame, components, residual = true, skip = false } = spec;
  const distribution = outputOf(spec);
  return { architecture, channels, hidden, blocks, head, frame, distribution, components, residual, skip };
}

/** Returns the options of a spec whose networks are alike, as `specOf` makes them. */
function multiScaleOptions({ architecture, channels, scales }: MultiScaleSpec): SpecOptions {
  const last = scales.at(-1) as PixelRnnSpec;
  const { factor, features: upsampled } = last.condition ?? { factor: undefined, features: undefined };
  const { architecture: network, ...options } = pixelRnnOptions(last);
  return { ...options, architecture, channels, network, scales: scales.length, factor, upsampled };
}
