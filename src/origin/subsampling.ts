/** How the chroma of a row or column of pixels follows from its cells. */
export interface Axis {
  /** Pixels per cell. */
  readonly step: 1 | 2;
  /** Weight of the cell of a pixel and of the neighbouring cell, for its first and its second pixel. */
  readonly weights: readonly (readonly [own: number, neighbour: number])[];
  /** The neighbouring cell, relative to the cell of the pixel. */
  readonly neighbours: readonly number[];
}

/** Every pixel has chroma. */
const FULL: Axis = { step: 1, weights: [[1, 0]], neighbours: [0] };
/** Both pixels of a cell have its chroma. */
const REPLICATED: Axis = { step: 2, weights: [[1, 0], [1, 0]], neighbours: [0, 0] }; // prettier-ignore
/** Cells are centred between two pixels: libjpeg's "fancy" triangle filter. */
const CENTRED: Axis = { step: 2, weights: [[3, 1], [3, 1]], neighbours: [-1, 1] }; // prettier-ignore
/** Cells are at the first of two pixels; the second one has the mean of two cells. */
const COSITED: Axis = { step: 2, weights: [[2, 0], [1, 1]], neighbours: [0, 1] }; // prettier-ignore

/** How chroma planes are enlarged to the size of the image: `(weighted sum + rounding) >> shift`. */
export interface Subsampling {
  readonly name: string;
  readonly horizontal: Axis;
  readonly vertical: Axis;
  /** Added to the sum, by place in the cell: [row][column]. */
  readonly rounding: readonly (readonly number[])[];
  readonly shift: number;
}

export const FULL_CHROMA: Subsampling = {
  name: '4:4:4',
  ...{ horizontal: FULL, vertical: FULL, rounding: [[0]], shift: 0 },
};
export const COSITED_420: Subsampling = {
  name: '4:2:0',
  ...{
    horizontal: COSITED,
    vertical: COSITED,
    rounding: [
      [2, 2],
      [2, 2],
    ],
    shift: 2,
  },
};
/** `h2v1_fancy_upsample` of libjpeg (jdsample.c). */
export const CENTRED_422: Subsampling = {
  name: '4:2:2',
  ...{ horizontal: CENTRED, vertical: FULL, rounding: [[1, 2]], shift: 2 },
};
/** `h1v2_fancy_upsample` of libjpeg-turbo (jdsample.c): 4:2:2 of an image that was rotated. */
export const CENTRED_440: Subsampling = {
  name: '4:4:0',
  ...{ horizontal: FULL, vertical: CENTRED, rounding: [[1], [2]], shift: 2 },
};
/** `h2v2_fancy_upsample` of libjpeg (jdsample.c). */
export const CENTRED_420: Subsampling = {
  name: '4:2:0',
  ...{
    horizontal: CENTRED,
    vertical: CENTRED,
    rounding: [
      [8, 7],
      [8, 7],
    ],
    shift: 4,
  },
};
/** The same filter, rounded to nearest: stb_image and libyuv. */
export const ROUNDED_422: Subsampling = {
  name: '4:2:2',
  ...{ horizontal: CENTRED, vertical: FULL, rounding: [[2, 2]], shift: 2 },
};
/** The same filter, rounded to nearest: stb_image, libwebp and libyuv. */
export const ROUNDED_420: Subsampling = {
  name: '4:2:0',
  ...{
    horizontal: CENTRED,
    vertical: CENTRED,
    rounding: [
      [8, 8],
      [8, 8],
    ],
    shift: 4,
  },
};
export const REPLICATED_422: Subsampling = {
  name: '4:2:2, replicated',
  ...{ horizontal: REPLICATED, vertical: FULL, rounding: [[0, 0]], shift: 0 },
};
export const REPLICATED_420: Subsampling = {
  name: '4:2:0, replicated',
  ...{
    horizontal: REPLICATED,
    vertical: REPLICATED,
    rounding: [
      [0, 0],
      [0, 0],
    ],
    shift: 0,
  },
};
