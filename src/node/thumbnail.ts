import { parseFile } from '../codec/container.js';
import { decodeContainerStart } from '../codec/container-decode.js';
import { decodingSeconds } from '../codec/decoding-time.js';
import { decodeRaster, type DecompressOptions } from '../codec/decompress.js';
import { embeddedPreview } from '../codec/embedded-preview.js';
import { openContainer } from '../codec/open-container.js';
import { previewToRaster } from '../codec/preview.js';
import { restoreFile } from '../codec/restore-file.js';
import { PixrnnError } from '../errors.js';
import { displayPng } from '../image/display-png.js';
import { formatOf } from '../image/formats.js';
import { sharp } from './image/sharp.js';

/** CPU seconds that decoding may need by default: file managers should not wait longer. */
const MAX_DECODING_SECONDS = 20;

/**
 * Returns a PNG file of a .prnn file's image, fitted into a square: of its preview, or of the decoded image.
 * @param side of the square, in pixels; smaller images are not enlarged
 * @throws PixrnnError as `decompressToRaster`, and 'limit' if the file has no preview and decoding needs too long
 */
export async function thumbnail(prnn: Uint8Array, side: number, given: DecompressOptions = {}): Promise<Uint8Array> {
  const options = { ...given, maxSeconds: given.maxSeconds ?? MAX_DECODING_SECONDS };
  const preview = pictureIn(prnn);
  const fromPreview = preview && (await fitted(preview, side).catch(() => null));
  return fromPreview ?? fitted(await decoded(prnn, side, options), side);
}

/** Returns the embedded picture; null without one, or if it is damaged: the image may be intact. */
function pictureIn(prnn: Uint8Array): Uint8Array | null {
  try {
    return embeddedPreview(prnn)?.bytes ?? null;
  } catch {
    return null;
  }
}

/** Returns an image file that sharp decodes. */
async function decoded(
  prnn: Uint8Array,
  side: number,
  options: DecompressOptions & { readonly maxSeconds: number },
): Promise<Uint8Array> {
  const file = parseFile(prnn, options);
  if (!('header' in file)) {
    const source = await restoreFile(file, options);
    if (source && formatOf(source) === 'JPEG') return source;
    const container = await openContainer(prnn, options);
    return displayPng(await decodeRaster(container, options), container.metadata, side);
  }
  const { width, height } = file.header;
  const isSlow = (decodingSeconds(file, options) ?? 0) > options.maxSeconds;
  if (!isSlow) return displayPng(await decodeRaster(file, options), file.metadata, side);
  if (!decodeContainerStart(prnn, options)?.smallest) {
    const what = `it has no preview, and to decode ${width} x ${height} pixels needs too long for a thumbnail`;
    throw new PixrnnError('limit', `${what}. Compress the image again with a preview.`);
  }
  const { raster, metadata } = await previewToRaster(prnn, options);
  return displayPng(raster, metadata, side);
}

async function fitted(file: Uint8Array, side: number): Promise<Uint8Array> {
  const small = sharp(file, { limitInputPixels: false, failOn: 'none' })
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
  return new Uint8Array(await small.png().toBuffer());
}
