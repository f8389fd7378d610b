/** Tags of the TIFF fields that pixrnn reads or writes (TIFF 6.0). */
export const TAG = {
  newSubfileType: 254,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planarConfiguration: 284,
  resolutionUnit: 296,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  xmp: 700,
  iccProfile: 34675,
} as const;

/**
 * Descriptive fields, also in the first directory of EXIF: description, make, model, orientation, software, date,
 * artist, copyright.
 */
export const DESCRIPTIVE_TAGS: readonly number[] = [270, 271, 272, TAG.orientation, 305, 306, 315, 33432];

/** Fields that define or repeat the storage of the samples, which are not kept. */
const STORAGE_TAGS: readonly number[] = [
  ...Object.values(TAG),
  ...[255, 263, 264, 265, 280, 281, 288, 289, 290, 291, 292, 293, 297, 340, 341, 347],
  ...[512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532],
];

/** Returns whether a field is kept, or contains nothing worth keeping. */
export function isKeptTag(tag: number): boolean {
  return STORAGE_TAGS.includes(tag) || DESCRIPTIVE_TAGS.includes(tag) || DIRECTORY_TAGS.includes(tag);
}

/** Tags of subdirectories of the first directory: EXIF and GPS. */
export const DIRECTORY_TAGS: readonly number[] = [34665, 34853];
