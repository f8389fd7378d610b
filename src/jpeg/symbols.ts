/** Symbols of AC coefficients that stand for no coefficient (ITU-T T.81, F.1.2.2). */

/** 16 zeros (ZRL). */
export const ZERO_RUN = 0xf0;
/** No further coefficients (EOB). */
export const END_OF_BLOCK = 0;
