/** Pixels of .prnn files: enough for two tiles of a row. */
export const MAX_PIXELS = 1100;
/** With the shipped models, which are slow. */
export const MAX_SHIPPED_PIXELS = 200;
/** Of files that restore their source without coding pixels. */
export const MAX_RESTORED_PIXELS = 4096;
