import type { Samples } from '../samples.js';

/*
 * Both chroma planes as an image that an RGB model codes given luma: first chroma, luma of the cells, second chroma.
 * The model's first channel is the second one of the image.
 */

/** The chroma planes of an image, [rows][columns] each. */
type Chroma = readonly [Uint8Array, Uint8Array];

/** @returns [rows][columns][3] */
export function joinChroma([first, second]: Chroma, luma: Uint8Array): Uint8Array {
  const samples = withoutChroma(luma);
  for (let i = 0, at = 0; i < luma.length; i++, at += 3) {
    samples[at] = first[i]!;
    samples[at + 2] = second[i]!;
  }
  return samples;
}

/** Returns the same with chroma 0, as a decoder has it. */
export function withoutChroma(luma: Uint8Array): Uint8Array {
  const samples = new Uint8Array(3 * luma.length);
  luma.forEach((value, i) => (samples[3 * i + 1] = value));
  return samples;
}

export function splitChroma(samples: Samples): Chroma {
  const plane = (c: number): Uint8Array =>
    Uint8Array.from({ length: samples.length / 3 }, (_, i) => samples[3 * i + c]!);
  return [plane(0), plane(2)];
}
