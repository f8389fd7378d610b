import { allocateSamples, type Depth, type Samples } from '../samples.js';

/* Alpha is coded before the colours, as a separate channel: alpha helps to predict the colours, but not vice versa. */

/** Splits [pixels][channels], alpha last, into the alpha channel and the colour channels. */
export function splitAlpha(samples: Samples, channels: number, depth: Depth): { alpha: Samples; colours: Samples } {
  const pixels = samples.length / channels;
  const alpha = allocateSamples(pixels, depth);
  const colours = allocateSamples(pixels * (channels - 1), depth);
  for (let pixel = 0, from = 0, to = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < channels - 1; c++) colours[to++] = samples[from++] as number;
    alpha[pixel] = samples[from++] as number;
  }
  return { alpha, colours };
}

/** Inverse of `splitAlpha`. */
export function joinAlpha(alpha: Samples, colours: Samples, depth: Depth): Samples {
  const samples = allocateSamples(alpha.length + colours.length, depth);
  const colourChannels = colours.length / alpha.length;
  for (let pixel = 0, from = 0, to = 0; pixel < alpha.length; pixel++) {
    for (let c = 0; c < colourChannels; c++) samples[to++] = colours[from++] as number;
    samples[to++] = alpha[pixel] as number;
  }
  return samples;
}

/**
 * Returns the colour shared by all pixels with alpha 0, or null if there are no such pixels or their colours differ.
 */
export function hiddenColour(alpha: Samples, colours: Samples): number[] | null {
  const colourChannels = colours.length / alpha.length;
  const first = alpha.indexOf(0);
  if (first < 0) return null;
  const colour = [...colours.subarray(first * colourChannels, (first + 1) * colourChannels)];
  for (let pixel = first + 1; pixel < alpha.length; pixel++) {
    if (alpha[pixel] !== 0) continue;
    if (colour.some((value, c) => colours[pixel * colourChannels + c] !== value)) return null;
  }
  return colour;
}

/** Returns 1 for each pixel with alpha 0, else 0. */
export function hiddenPixels(alpha: Samples): Uint8Array {
  return Uint8Array.from(alpha, (value) => (value === 0 ? 1 : 0));
}

/** Returns the colour samples of a tile, [pixels][colour.length], with only the hidden pixels filled in. */
export function withHiddenColour(hidden: Uint8Array, colour: readonly number[], depth: Depth): Samples {
  const colours = allocateSamples(hidden.length * colour.length, depth);
  hidden.forEach((isHidden, pixel) => {
    if (isHidden !== 0) colours.set(colour, pixel * colour.length);
  });
  return colours;
}
