/** Where the bits of an image are. */
export interface BitMap {
  readonly width: number;
  readonly height: number;
  /** Bits at each pixel, in the unit of the map, f32[height][width]. */
  readonly bits: Float32Array;
}

/** What the values of a map count the bits of. */
export interface MapUnit {
  /** "bits per pixel" */
  readonly name: string;
  /** Number of pixels that a value is about. */
  readonly pixels: number;
}

export const BITS_PER_PIXEL: MapUnit = { name: 'bits per pixel', pixels: 1 };
export const BITS_PER_BLOCK: MapUnit = { name: 'bits per 8 x 8 pixels', pixels: 64 };
