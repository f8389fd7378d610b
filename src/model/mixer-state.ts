/** Floats per weight vector of the mixer by the number of channels, and of a lean one. */
const INPUTS = { 1: 72, 3: 80 };
const LEAN_INPUTS = 48;
/**
 * What a mixer's start state has per channel, as `assembly/mixer/state.ts` lays it out (`configureState`):
 *
 *     8 x 12 + 8 + 256 = 360 weight vectors
 *     8 x 12 = 96 vectors of 4 weights in the second layer
 *     256 + 8 x 64 = 768 APMs of 33 points
 */
const CHANNEL_VECTORS = 360;
const OTHER_FLOATS = 96 * 4 + 768 * 33;
/** Weight vectors shared by all channels and selected by which neighbours are above the mean. */
const SHARED_VECTORS = 64;

/** Returns the number of f32 values of a mixer's start state: 56,256 for gray and 168,704 for RGB if it is not lean. */
export function mixerFloats({ channels, mixer }: { readonly channels: 1 | 3; readonly mixer?: 'lean' }): number {
  const inputs = mixer === 'lean' ? LEAN_INPUTS : INPUTS[channels];
  return (CHANNEL_VECTORS * inputs + OTHER_FLOATS) * channels + SHARED_VECTORS * inputs;
}
