/** The fields of a TIFF directory that pixrnn reads or writes (TIFF 6.0). */
export const TAG = {
  newSubfileType: 254,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
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
  extraSamples: 338,
  sampleFormat: 339,
  xmp: 700,
  iccProfile: 34675,
} as const;

/** Text and the like that EXIF has in its first directory too: description, make, model, orientation, software, date, artist, copyright. */
export const DESCRIPTIVE_TAGS: readonly number[] = [270, 271, 272, TAG.orientation, 305, 306, 315, 33432];

/** Directories inside the first one: EXIF and GPS. */
export const DIRECTORY_TAGS: readonly number[] = [34665, 34853];
