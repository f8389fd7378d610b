import { subsampledSize } from '../subsample.js';
import { baseValues, type Frame, squash } from './frame.js';
import { CONDITION_TAPS } from './pixelrnn/tensors.js';

/*
 * Inputs of a conditional network of Multi-Scale PixelRNN from the small image, which has every factor-th of its
 * pixels. `assembly/models/pixelrnn/upsampler.ts` implements the same arithmetic in the engine.
 */

export interface SmallImage {
  readonly samples: Uint8Array;
  readonly factor: number;
}

/** Returns base values like `baseValues`, or in the `local` frame those of the small image, if there is one. */
export function baseValuesGiven(
  small: SmallImage | undefined,
  samples: Uint8Array,
  width: number,
  channels: number,
  frame: Frame,
): Uint8Array {
  if (!small || frame === 'absolute') return baseValues(samples, width, channels, frame);
  return smallBaseValues(small.samples, width, samples.length / (width * channels), channels, small.factor);
}

/**
 * Returns base values of the `local` frame, [height][width][channels]: the small image, with bilinear interpolation,
 * rounded half up; its last column and row are repeated.
 */
export function smallBaseValues(
  small: Uint8Array,
  width: number,
  height: number,
  channels: number,
  factor: number,
): Uint8Array {
  const { width: smallWidth, height: smallHeight } = subsampledSize({ width, height }, factor);
  const base = new Uint8Array(width * height * channels);
  const half = Math.floor((factor * factor) / 2);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const top = Math.floor(y / factor);
    const bottom = Math.min(top + 1, smallHeight - 1);
    const b = y % factor;
    for (let x = 0; x < width; x++) {
      const left = Math.floor(x / factor);
      const right = Math.min(left + 1, smallWidth - 1);
      const a = x % factor;
      for (let c = 0; c < channels; c++) {
        const at = (column: number, row: number): number => small[(row * smallWidth + column) * channels + c] as number;
        const above = (factor - a) * at(left, top) + a * at(right, top);
        const below = (factor - a) * at(left, bottom) + a * at(right, bottom);
        base[to++] = Math.floor(((factor - b) * above + b * below + half) / (factor * factor));
      }
    }
  }
  return base;
}

/**
 * Returns the inputs of the convolution over the small image, [small height * small width][9 * channels]: its 3x3
 * window tap by tap in raster order, channel by channel, minus the centre pixel (`local`) or 128; 0 outside.
 */
export function gatherSmallInputs(
  small: Uint8Array,
  smallWidth: number,
  smallHeight: number,
  channels: number,
  frame: Frame,
): Float32Array {
  const inputs = new Float32Array(small.length * CONDITION_TAPS);
  let to = 0;
  for (let y = 0; y < smallHeight; y++) {
    for (let x = 0; x < smallWidth; x++) {
      const here = (y * smallWidth + x) * channels;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const inside = y + dy >= 0 && y + dy < smallHeight && x + dx >= 0 && x + dx < smallWidth;
          const there = here + (dy * smallWidth + dx) * channels;
          for (let c = 0; c < channels; c++) {
            const middle = frame === 'local' ? (small[here + c] as number) : 128;
            inputs[to++] = inside ? squash((small[there + c] as number) - middle) : 0;
          }
        }
      }
    }
  }
  return inputs;
}
