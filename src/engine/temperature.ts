/** Bounds of the temperature that samples may be drawn at; 1 draws from the model's own distributions. */
export const MIN_TEMPERATURE = 0.05;
export const MAX_TEMPERATURE = 10;
