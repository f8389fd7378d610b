/* Choices of sampling, in their own module so that the command line need not load the sampler. */

/** The known half of an image to complete. */
export const SIDES = ['top', 'bottom', 'left', 'right'] as const;
export type Side = (typeof SIDES)[number];
