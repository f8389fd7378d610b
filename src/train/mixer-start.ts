import { Engine, type TileLikelihood, type TileSamples, compileEngine } from '../engine/engine.js';
import { type Model, withMixerState } from '../model/model.js';
import type { TrainingImage } from './dataset.js';

export interface MixerTrainingOptions {
  readonly model: Model;
  /** At least one image; of larger ones, the top left MAX_SIDE x MAX_SIDE pixels are used. */
  readonly images: readonly TrainingImage[];
  /** Called after each image with bits/dim of the model alone and after the mixer. */
  readonly onImage: (done: number, figures: { readonly model: number; readonly mixed: number }) => void;
}

const MAX_SIDE = 512;

/**
 * Trains the start state of a model's mixer (docs/format/mixer.md): the mixer codes image after image without being reset,
 * beginning with the model's existing start state, if any. A few dozen crops suffice.
 */
export async function trainMixerStart({ model, images, onImage }: MixerTrainingOptions): Promise<Model> {
  const { channels } = model.spec;
  const tiles = images.map((image) => topLeft(image, channels));
  const engine = await Engine.create(await compileEngine());
  const training = engine.trainMixer(model, tiles);
  let turn = training.next();
  for (let done = 1; turn.done !== true; done++, turn = training.next()) {
    onImage(done, figuresOf(turn.value, (tiles[done - 1] as TileSamples).samples.length));
    await new Promise((resolve) => setImmediate(resolve)); // lets signal handlers run
  }
  return withMixerState(model, turn.value, { mixerImages: images.length });
}

function figuresOf({ codeLengthBits, modelCodeLengthBits }: TileLikelihood, samples: number) {
  const perSample = (bits: readonly number[]): number => bits.reduce((sum, b) => sum + b, 0) / samples;
  return { model: perSample(modelCodeLengthBits), mixed: perSample(codeLengthBits) };
}

function topLeft({ width, height, depth, samples }: TrainingImage, channels: 1 | 3): TileSamples {
  const [w, h] = [Math.min(width, MAX_SIDE), Math.min(height, MAX_SIDE)];
  const part = new Uint8Array(w * h * channels);
  for (let y = 0; y < h; y++) {
    part.set(samples.subarray(y * width * channels, (y * width + w) * channels), y * w * channels);
  }
  return { width: w, height: h, channels, depth, samples: part };
}
