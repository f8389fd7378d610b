/* Names of output files. */

/** Extensions of image files that `compress` can read. */
export const IMAGE_EXTENSIONS = /\.(png|apng|tiff?|webp|bmp|dib|p[abgnp]m|gif|jpe?g|jpe|jfif|avif)$/i;
/** Extensions of formats that need no option. */
const USUAL_EXTENSIONS = /\.(png|apng|tiff?|webp|bmp|dib|p[abgnp]m|gif|jpe?g|jpe|jfif)$/i;
export const PRNN_EXTENSION = /\.prnn$/i;

/** `photo.png` -> `photo.prnn`. The new extension is appended if the name does not have the old one; `-` stays `-`. */
export function outputName(input: string, extension: RegExp, newExtension: string): string {
  return input === '-' ? '-' : input.replace(extension, '') + newExtension;
}

/** Returns the extensions of the files to compress in a directory. */
export function sourceExtensions(allowsLossy: boolean): RegExp {
  return allowsLossy ? IMAGE_EXTENSIONS : USUAL_EXTENSIONS;
}

/** Returns the usual output name of a source: `photo.prnn` for `photo.png`. */
export function resultName(source: string): string {
  return outputName(source, IMAGE_EXTENSIONS, '.prnn');
}

/** Returns the output name that keeps the source's extension: `photo.png.prnn`. */
export function fullResultName(source: string): string {
  return outputName(source, /(?!)/, '.prnn');
}

/** Returns the name of a decompressed image: `photo.png` for `photo.prnn` and for `photo.png.prnn`. */
export function imageName(file: string, extension: string): string {
  const name = outputName(file, PRNN_EXTENSION, '');
  const keepsExtension = name !== file && name.toLowerCase().endsWith(extension.toLowerCase());
  return keepsExtension ? name : outputName(file, PRNN_EXTENSION, extension);
}
