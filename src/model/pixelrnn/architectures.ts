import type { Architecture } from '../architecture.js';
import { type PixelRnnSpec, OUTPUTS, PIXEL_RNN_KINDS, checkedPixelRnn, outputOf } from './spec.js';
import { pixelRnnMacs, pixelRnnShapes } from './tensors.js';

/** PixelCNN, Row LSTM and Diagonal BiLSTM: one engine model with three kinds of layers. */
export const pixelRnnArchitectures: readonly Architecture<PixelRnnSpec>[] = PIXEL_RNN_KINDS.map((name) => ({
  name,
  checkedSpec: (json) => checkedPixelRnn(name, json),
  shapes: pixelRnnShapes,
  macsPerPixel: pixelRnnMacs,
  depths: (spec) => (spec.output === 'bernoulli' ? [1] : [8]),
  usesSideInformation: false,
  engineCode: 1,
  engineSpec,
}));

/** Kinds and outputs are encoded as indices into their lists, as in `assembly/models/pixelrnn`. */

function engineSpec(spec: PixelRnnSpec): number[] {
  const { architecture, channels, hidden, blocks, head, frame, components, residual, skip, condition } = spec;
  return [
    channels,
    hidden,
    blocks,
    head,
    frame === 'local' ? 1 : 0,
    PIXEL_RNN_KINDS.indexOf(architecture),
    OUTPUTS.indexOf(outputOf(spec)),
    components ?? 0,
    residual === false ? 0 : 1,
    skip ? 1 : 0,
    condition?.features ?? 0,
    condition?.factor ?? 1,
  ];
}
