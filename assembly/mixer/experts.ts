/**
 * The numbers of experts of a value. For gray 16 contexts and 32 maps are best; for RGB 12 contexts, and 8 more maps,
 * whose histograms are selected by a difference of two samples.
 */

/** Number of hashed contexts, a multiple of 4. */
export const MAX_CONTEXTS: i32 = 16;
export let contexts: i32 = MAX_CONTEXTS;

/** Number of predictions whose histograms are selected by their local error, a multiple of 16. */
export const ERROR_MAPS: i32 = 32;
/** Number of those selected by a difference, which follow, and of all predictions: multiples of 4. */
export const MAX_DIFFERENCE_MAPS: i32 = 8;
export let differenceMaps: i32 = 0;
export const MAX_MAPS: i32 = ERROR_MAPS + MAX_DIFFERENCE_MAPS;
export let maps: i32 = ERROR_MAPS;

/** Inputs of the mixing: those of the model, two for each context, one for each map. */
export const INPUTS: i32 = 72;
export const GENERAL: i32 = 8;

export function configureExperts(channels: i32): void {
  differenceMaps = channels > 1 ? MAX_DIFFERENCE_MAPS : 0;
  maps = ERROR_MAPS + differenceMaps;
  contexts = (INPUTS - GENERAL - maps) / 2;
}
