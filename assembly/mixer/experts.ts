/**
 * The numbers of experts of a value. For gray 16 contexts and 32 maps are best; for RGB 12 contexts, and 16 more maps,
 * whose histograms are selected by a difference of two samples. The lean mixer of small models has 12 contexts and 16
 * maps for gray, 8 contexts and 24 maps for RGB: the first ones of the same lists.
 */

/** Number of hashed contexts, a multiple of 4. */
export const MAX_CONTEXTS: i32 = 16;
export let contexts: i32 = MAX_CONTEXTS;

/** Number of predictions whose histograms are selected by their local error, a multiple of 16. */
export const MAX_ERROR_MAPS: i32 = 32;
const LEAN_ERROR_MAPS: i32 = 16;
export let errorMaps: i32 = MAX_ERROR_MAPS;
/** Number of those selected by a difference, which follow, and of all predictions: multiples of 4. */
export const MAX_DIFFERENCE_MAPS: i32 = 16;
export const LEAN_DIFFERENCE_MAPS: i32 = 8;
export let differenceMaps: i32 = 0;
export const MAX_MAPS: i32 = MAX_ERROR_MAPS + MAX_DIFFERENCE_MAPS;
export let maps: i32 = MAX_ERROR_MAPS;

/** Number of inputs of the mixing, a multiple of 8: those of the model, two for each context, one for each map. */
export const MAX_INPUTS: i32 = 80;
export let inputCount: i32 = MAX_INPUTS;
export const GENERAL: i32 = 8;

export function configureExperts(channels: i32, lean: bool): void {
  errorMaps = lean ? LEAN_ERROR_MAPS : MAX_ERROR_MAPS;
  if (channels === 1) {
    contexts = lean ? 12 : 16;
    differenceMaps = 0;
  } else {
    contexts = lean ? 8 : 12;
    differenceMaps = lean ? LEAN_DIFFERENCE_MAPS : MAX_DIFFERENCE_MAPS;
  }
  maps = errorMaps + differenceMaps;
  inputCount = GENERAL + 2 * contexts + maps;
}
