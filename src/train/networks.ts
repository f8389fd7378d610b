import type { ModelSpec } from '../model/architecture.js';
import { photoTraining } from './photo.js';
import { pixelCnnTraining } from './pixelcnn.js';
import type { Trainable, TrainableNetwork } from './trainable.js';

/** By architecture; a new model adds its line. */
const TRAINABLE: Readonly<Record<ModelSpec['architecture'], Trainable<ModelSpec, TrainableNetwork, unknown>>> = {
  pixelcnn: pixelCnnTraining,
  photo: photoTraining,
};

export function trainableOf({ architecture }: ModelSpec): Trainable<ModelSpec, TrainableNetwork, unknown> {
  return TRAINABLE[architecture];
}
