/* Limits of sampling, in their own module so that the command line need not load the sampler. */

/** Range of temperatures that the engine accepts. */
export const LOWEST_TEMPERATURE = 0.05;
export const HIGHEST_TEMPERATURE = 10;

/** The known half of an image to complete. */
export const SIDES = ['top', 'bottom', 'left', 'right'] as const;
export type Side = (typeof SIDES)[number];
