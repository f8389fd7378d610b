/** Size of one component of a JPEG image and how its coefficients were quantised. */
export interface JpegComponentShape {
  /** Component identifier of the frame header, 0..255. */
  readonly id: number;
  /** Sampling factors, 1..4. */
  readonly horizontal: number;
  readonly vertical: number;
  /** Blocks stored, including those that pad incomplete MCUs of interleaved scans. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
  /** Blocks that contain image samples: ceil(ceil(width * horizontal / horizontalMax) / 8), and likewise high. */
  readonly visibleWide: number;
  readonly visibleHigh: number;
  /** The 64 steps of its quantisation table in natural (row-major) order; all 1 if the file does not define the table. */
  readonly quantisation: Uint16Array;
}

/** Quantised DCT coefficients of one component. */
export interface JpegComponent extends JpegComponentShape {
  /** [blocksHigh][blocksWide][64], natural order, DC at 0; each -32,767..32,767. */
  readonly coefficients: Int16Array;
}

/** Size and format of a JPEG image, without its coefficients. */
export interface JpegShape {
  /** In samples, 1..65,535. */
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly precision: 8 | 12;
  /** 1 to 4 components, in the order of the frame header. */
  readonly components: readonly JpegComponentShape[];
}

/** The quantised coefficients of a JPEG image. */
export interface JpegImage extends JpegShape {
  readonly components: readonly JpegComponent[];
}

/** Returns the number of blocks of all components. */
export function blocksOf({ components }: JpegShape): number {
  return components.reduce((sum, { blocksWide, blocksHigh }) => sum + blocksWide * blocksHigh, 0);
}
