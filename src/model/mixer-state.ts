/**
 * f32 values of a mixer's start state for one channel, as `assembly/mixer/state.ts` lays it out (`configureState`):
 *
 *     8 x 12 + 8 x 64 + 256 + 8 x 64 = 1,376 weight vectors of 104 inputs
 *     8 x 12 = 96 vectors of the second layer, of 4
 *     256 + 8 x 64 = 768 charts of 33 points
 */
const FLOATS_PER_CHANNEL = 1376 * 104 + 96 * 4 + 768 * 33;

/** f32 values of a mixer's start state: 168,832 for gray, 506,496 for RGB. */
export function mixerFloats(channels: 1 | 3): number {
  return FLOATS_PER_CHANNEL * channels;
}
