/* What drawing takes; apart from what draws, which is heavy. */

/** What the engine takes. */
export const LOWEST_TEMPERATURE = 0.05;
export const HIGHEST_TEMPERATURE = 10;

/** The half of an image that is known. */
export const SIDES = ['top', 'bottom', 'left', 'right'] as const;
export type Side = (typeof SIDES)[number];
