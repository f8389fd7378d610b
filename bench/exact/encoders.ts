/** How an encoder chooses its matches, which decides what a recipe may cost. */
export type Parser = 'zlib' | 'greedy or lazy' | 'optimal';

/** The deflate library inside an encoder of the corpus. */
export interface EncoderLibrary {
  /** With its version in the packages that the corpus was made with, where it is known. */
  readonly library: string;
  readonly parser: Parser;
}

/**
 * Libraries by prefix of the encoder's name; the longest one counts. `bench/exact/identify.py` reports zlib, zlib-ng,
 * ISA-L and libdeflate by compressing the contents again; the others are named in the programs themselves.
 */
const LIBRARIES: readonly (readonly [prefix: string, library: string, parser: Parser])[] = [
  ['zlib', 'zlib 1.3.1', 'zlib'],
  ['libpng', 'zlib 1.3.1', 'zlib'],
  ['spng', 'zlib 1.3.1', 'zlib'],
  ['pnmtopng', 'zlib 1.3.1', 'zlib'],
  ['pamtopng', 'zlib 1.3.1', 'zlib'],
  ['magick', 'zlib 1.3.1', 'zlib'],
  ['gm', 'zlib 1.3.1', 'zlib'],
  ['ffmpeg', 'zlib 1.3.1', 'zlib'],
  ['optipng', 'zlib 1.3.1', 'zlib'],
  ['pngcrush', 'zlib 1.3.1', 'zlib'],
  ['pngquant', 'zlib 1.3.1', 'zlib'],
  ['pypng', 'zlib 1.3.1', 'zlib'],
  ['java', 'zlib 1.3.1', 'zlib'],
  ['pillow', 'zlib 1.3.1', 'zlib'],
  ['opencv', 'zlib', 'zlib'],
  ['imagecodecs', 'zlib 1.3.1', 'zlib'],
  ['upng', 'pako 1.0.11 (zlib)', 'zlib'],
  ['advpng-1', 'zlib 1.3.1', 'zlib'],
  ['pngjs', "Node's zlib (Chromium)", 'greedy or lazy'],
  ['napi-canvas', 'Chromium zlib', 'greedy or lazy'],
  ['sharp', 'zlib-ng 2.3.3', 'greedy or lazy'],
  ['zlib_ng', 'zlib-ng 2.3.3', 'greedy or lazy'],
  ['isal', 'ISA-L', 'greedy or lazy'],
  ['libdeflate', 'libdeflate', 'greedy or lazy'],
  ['oxipng-0', 'libdeflate, lazy', 'greedy or lazy'],
  ['fpng', 'fpng', 'greedy or lazy'],
  ['fpnge', 'fpnge', 'greedy or lazy'],
  ['go', 'compress/flate 1.24', 'greedy or lazy'],
  ['miniz', 'miniz', 'greedy or lazy'],
  ['stb', 'stb_image_write', 'greedy or lazy'],
  ['lodepng', 'LodePNG', 'greedy or lazy'],
  ['cwasm-lodepng', 'LodePNG', 'greedy or lazy'],
  ['fast-png', 'fflate 0.8.3', 'greedy or lazy'],
  ['jsquash', 'fdeflate 0.3.3 or miniz_oxide 0.7.1', 'greedy or lazy'],
  ['napi-image', 'flate2 (zlib-rs 0.6.8)', 'greedy or lazy'],
  ['napi-image-fast', 'fdeflate 0.3.7', 'greedy or lazy'],
  ['chromium', 'fdeflate 0.3 or flate2', 'greedy or lazy'],
  ['libdeflate-10', 'libdeflate', 'optimal'],
  ['libdeflate-12', 'libdeflate', 'optimal'],
  ['oxipng', 'libdeflate 1.24', 'optimal'],
  ['oxipng-zopfli', 'zopfli (Rust) 0.8.2', 'optimal'],
  ['napi-image-lossless', 'libdeflate 1.26', 'optimal'],
  ['zopfli', 'Zopfli 1.0.3', 'optimal'],
  ['zopflipng', 'Zopfli 1.0.3', 'optimal'],
  ['advpng-2', '7-Zip', 'optimal'],
  ['advpng-3', '7-Zip', 'optimal'],
  ['advpng-4', 'Zopfli', 'optimal'],
];

/** Returns the library of an encoder; null if it is not known. */
export function libraryOf(encoder: string): EncoderLibrary | null {
  const found = LIBRARIES.filter(([prefix]) => encoder === prefix || encoder.startsWith(`${prefix}-`));
  const [, library, parser] = found.sort(([a], [b]) => b.length - a.length)[0] ?? [];
  return library === undefined || parser === undefined ? null : { library, parser };
}
