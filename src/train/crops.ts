import type { ModelSpec } from '../model/architectures.js';
import { randomCrop } from './dataset.js';
import { Random } from './random.js';
import type { BatchOptions, BatchSource } from './trainable.js';

/** Returns an endless source of random crops; `make` builds a batch from `settings.batch` of them. */
export function crops<S extends ModelSpec, B>(
  { images, spec, settings, position, random }: BatchOptions<S>,
  make: (samples: readonly Uint8Array[], side: number) => B,
): BatchSource<B> {
  const { batch, crop, orientations } = settings;
  const draw = new Random(position ?? random.state);
  return {
    get position() {
      return draw.state;
    },
    next: () => {
      const samples = Array.from({ length: batch }, () => randomCrop(images, crop, spec.channels, draw, orientations));
      return Promise.resolve(make(samples, crop));
    },
    close: () => Promise.resolve(),
  };
}
