import { Engine, type TileLikelihood, type TileSamples, compileEngine } from '../engine/engine.js';
import { mixerFloats } from '../model/mixer-state.js';
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
 * beginning with the model's existing start state, if any. The result is the mean of its states after each image of the
 * second half (Polyak and Juditsky 1992), since the last state has learned too much from the last image. A few dozen
 * crops suffice.
 */
export async function trainMixerStart({ model, images, onImage }: MixerTrainingOptions): Promise<Model> {
  const { channels } = model.spec;
  const tiles = images.map((image) => topLeft(image, channels));
  const engine = await Engine.create(await compileEngine());
  const averaged = Math.ceil(images.length / 2);
  const sum = new Float64Array(mixerFloats(model.spec));
  let done = 0;
  for (const { likelihood, state } of engine.trainMixer(model, tiles)) {
    const { samples } = tiles[done++] as TileSamples;
    onImage(done, figuresOf(likelihood, samples.length));
    await new Promise((resolve) => setImmediate(resolve)); // lets signal handlers run
    if (done > images.length - averaged) state.forEach((value, i) => (sum[i] = (sum[i] as number) + value));
  }
  return withMixerState(
    model,
    Float32Array.from(sum, (value) => value / averaged),
    { mixerImages: images.length },
  );
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
