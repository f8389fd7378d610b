import type { ModelSpec } from '../model/architectures.js';
import { multiScaleTraining } from './multi-scale.js';
import { photoTraining } from './photo.js';
import { pixelRnnTraining } from './pixelrnn.js';
import type { Trainable, TrainableNetwork } from './trainable.js';

/** Training by architecture. */
const TRAINABLE: Readonly<Record<ModelSpec['architecture'], Trainable<ModelSpec, TrainableNetwork, unknown>>> = {
  pixelcnn: pixelRnnTraining,
  'row-lstm': pixelRnnTraining,
  'diagonal-bilstm': pixelRnnTraining,
  'multi-scale': multiScaleTraining,
  photo: photoTraining,
};

export function trainableOf({ architecture }: ModelSpec): Trainable<ModelSpec, TrainableNetwork, unknown> {
  return TRAINABLE[architecture];
}
