import { sharp } from './sharp.js';
import { PixrnnError } from '../errors.js';
import {
  isAncillary,
  isPng,
  parseHeader,
  type PngChunk,
  type PngHeader,
  readChunks,
  writeChunks,
} from './png-chunks.js';
import { collectMetadata, packMetadata } from './png-metadata.js';
import { MAX_PIXELS, type Raster } from './raster.js';

/** An image file as samples, and the payloads that bring the rest of the file back (none or one). */
export interface ReadImage {
  raster: Raster;
  metadata: Uint8Array[];
}

const ADVICE = 'pixrnn takes PNG files with 8-bit RGB or 8-bit gray samples and no transparency.';

/** How other image formats begin: the name, the offset, and what may stand there (Latin-1). */
const SIGNATURES: [name: string, offset: number, beginnings: string[]][] = [
  ['a JPEG', 0, ['\xff\xd8\xff']],
  ['a WebP', 8, ['WEBP']],
  ['a GIF', 0, ['GIF8']],
  ['a TIFF', 0, ['II*\0', 'MM\0*', 'II+\0', 'MM\0+']],
  ['an AVIF or HEIF', 4, ['ftypavi', 'ftyphei', 'ftypmif1', 'ftypmsf1']],
  ['a JPEG XL', 0, ['\xff\x0a', '\0\0\0\x0cJXL ']],
  ['a JPEG 2000', 0, ['\xff\x4f\xff\x51', '\0\0\0\x0cjP  ']],
  ['a BMP', 0, ['BM']],
  ['a PNM', 0, ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7']],
  ['an SVG', 0, ['<svg', '<?xml']],
  ['a .prnn', 0, ['\x8fP']],
];

/**
 * Reads an image file. Samples come back exactly as the file stores them; colour profiles, gamma and the like are
 * carried along and never applied.
 * Images with more than `maxPixels` pixels, 100 million if it is left out, are refused before they are decoded.
 * @throws PixrnnError 'input-unsupported', 'input-unreadable', 'limit'
 */
export async function readImage(
  input: Uint8Array,
  { maxPixels = MAX_PIXELS }: { readonly maxPixels?: number | undefined } = {},
): Promise<ReadImage> {
  if (!isPng(input)) throw notPng(input);
  const { chunks, trailing } = readChunks(input);
  const header = parseHeader(chunks[0]!.data);
  const channels = checkSupported(header, chunks);
  if (header.width * header.height > maxPixels) {
    const what = `the image has ${header.width} x ${header.height} pixels, more than the limit of ${maxPixels}`;
    throw new PixrnnError('limit', `${what}. If you trust the file, raise the limit with --max-pixels.`);
  }
  const raster = await decodeSamples(chunks, header, channels);
  const metadata = await packMetadata(collectMetadata(chunks, trailing));
  return { raster, metadata: metadata === null ? [] : [metadata] };
}

function notPng(input: Uint8Array): PixrnnError {
  if (input.length === 0) return new PixrnnError('input-unreadable', 'it is empty. Get or make the file again.');
  const start = Buffer.from(input.subarray(0, 16)).toString('latin1');
  const format = SIGNATURES.find(([, offset, beginnings]) =>
    beginnings.some((beginning) => start.startsWith(beginning, offset)),
  )?.[0];
  if (format === 'a .prnn') {
    return new PixrnnError(
      'input-unsupported',
      'it is compressed already. Use pixrnn decompress to get the image back.',
    );
  }
  const found = format === undefined ? 'it is not a PNG file' : `it is ${format} file`;
  return new PixrnnError('input-unsupported', `${found}. ${ADVICE}`);
}

/** The number of channels, where samples are of a kind that the codec takes. */
function checkSupported(header: PngHeader, chunks: PngChunk[]): 1 | 3 {
  const { bitDepth, colourType } = header;
  const has = (type: string): boolean => chunks.some((chunk) => chunk.type === type);
  const refuse = (what: string): never => {
    throw new PixrnnError('input-unsupported', `${what}. ${ADVICE}`);
  };
  const unknown = chunks.find(({ type }) => !isAncillary(type) && !['IHDR', 'PLTE', 'IDAT', 'IEND'].includes(type));
  if (unknown) refuse(`it is not a standard PNG file (it has a ${unknown.type} chunk)`);
  if (has('acTL') || has('fcTL') || has('fdAT')) refuse('it is an animated PNG');
  if (colourType === 3) refuse('its colours are in a palette');
  if (colourType === 4 || colourType === 6) refuse('it has an alpha channel');
  if (colourType !== 0 && colourType !== 2) refuse(`its colour type ${colourType} is not one that PNG defines`);
  if (has('tRNS')) refuse('it has a transparent colour (a tRNS chunk)');
  if (bitDepth !== 8) refuse(`it has ${bitDepth}-bit samples`);
  return colourType === 0 ? 1 : 3;
}

/** sharp sees the image alone: no other chunk can then change what it makes of the samples. Its size is checked already. */
async function decodeSamples(chunks: PngChunk[], header: PngHeader, channels: 1 | 3): Promise<Raster> {
  const png = writeChunks(chunks.filter(({ type }) => type === 'IHDR' || type === 'IDAT' || type === 'IEND'));
  const { data, info } = await sharp(png, { ignoreIcc: true, failOn: 'warning', limitInputPixels: false })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw new PixrnnError(
        'input-unreadable',
        'the image data of the PNG file is damaged or incomplete. Get or make the file again.',
        { cause: error },
      );
    });
  if (info.width !== header.width || info.height !== header.height || info.channels !== channels) {
    throw new Error(
      `sharp decoded ${info.width} x ${info.height} x ${info.channels} where the PNG header says otherwise`,
    );
  }
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { width: info.width, height: info.height, channels, samples };
}
