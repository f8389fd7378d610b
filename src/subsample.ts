import { allocateSamples, type Samples } from './samples.js';

/** Size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Returns the size of the image that `subsample` returns. */
export function subsampledSize({ width, height }: Size, factor: number): Size {
  return { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
}

/** Returns every factor-th pixel of every factor-th row of [height][width][channels], starting at (0, 0), as a copy. */
export function subsample<S extends Samples>(samples: S, size: Size, channels: number, factor: number): S {
  if (factor === 1) return samples.slice() as S;
  const small = subsampledSize(size, factor);
  const length = small.width * small.height * channels;
  const picked = allocateSamples(length, samples instanceof Uint16Array ? 16 : 8) as S;
  let to = 0;
  for (let y = 0; y < size.height; y += factor) {
    for (let x = 0; x < size.width; x += factor) {
      const from = (y * size.width + x) * channels;
      for (let c = 0; c < channels; c++) picked[to++] = samples[from + c] as number;
    }
  }
  return picked;
}
