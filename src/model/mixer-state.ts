/** Floats per weight vector of the mixer. */
const INPUTS = 72;
/**
 * f32 values per channel of a mixer's start state, as `assembly/mixer/state.ts` lays it out (`configureState`):
 *
 *     8 x 12 + 8 + 256 = 360 weight vectors
 *     8 x 12 = 96 vectors of 4 weights in the second layer
 *     256 + 8 x 64 = 768 APMs of 33 points
 */
const FLOATS_PER_CHANNEL = 360 * INPUTS + 96 * 4 + 768 * 33;
/** Weight vectors shared by all channels and selected by which neighbours are above the mean. */
const SHARED_VECTORS = 64;

/** Returns the number of f32 values of a mixer's start state: 56,256 for gray, 159,552 for RGB. */
export function mixerFloats(channels: 1 | 3): number {
  return FLOATS_PER_CHANNEL * channels + SHARED_VECTORS * INPUTS;
}
