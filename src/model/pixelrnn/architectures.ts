import type { Architecture } from '../architecture.js';
import { type PixelRnnKind, type PixelRnnSpec, PIXEL_RNN_KINDS, checkedPixelRnn, outputOf } from './spec.js';
import { pixelRnnMacs, pixelRnnShapes } from './tensors.js';

/** PixelCNN, Row LSTM and Diagonal BiLSTM: one engine model with three kinds of layers. */
export const pixelRnnArchitectures: readonly Architecture<PixelRnnSpec>[] = PIXEL_RNN_KINDS.map((name) => ({
  name,
  checkedSpec: (json) => checkedPixelRnn(name, json),
  shapes: pixelRnnShapes,
  macsPerPixel: pixelRnnMacs,
  depths: (spec) => (spec.output === 'bernoulli' ? [1] : [8]),
  takesKnowledge: false,
  engineCode: 1,
  engineSpec,
}));

/** By their numbers in `assembly/models/pixelrnn`. */
const KINDS: readonly PixelRnnKind[] = PIXEL_RNN_KINDS;
const OUTPUTS = ['softmax', 'bernoulli', 'logistics'] as const;

function engineSpec(spec: PixelRnnSpec): number[] {
  const { architecture, channels, hidden, blocks, head, frame, components, residual, skip, condition } = spec;
  return [
    channels,
    hidden,
    blocks,
    head,
    frame === 'local' ? 1 : 0,
    KINDS.indexOf(architecture),
    OUTPUTS.indexOf(outputOf(spec)),
    components ?? 0,
    residual === false ? 0 : 1,
    skip ? 1 : 0,
    condition?.features ?? 0,
    condition?.factor ?? 1,
  ];
}
