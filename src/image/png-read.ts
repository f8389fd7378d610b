import { concatBytes } from '../bytes.js';
import { counted } from '../counted.js';
import { type PngChunk, readChunks } from './png-chunks.js';
import { parseHeader } from './png-header.js';
import { ANIMATION_CHUNKS, collectMetadata, colourChunkProblem } from './png-metadata.js';
import { decodePngStream } from './png-stream.js';
import { checkSize, unreadable, unsupported } from './refusals.js';
import { type Decoded, type ReaderOptions, plainSource } from './source.js';

/**
 * Reads a PNG file without loss: samples are neither scaled nor colour-corrected, palettes stay palettes, and all other
 * chunks are kept. Indices outside the palette are kept too: viewers display them differently, but each displays the
 * restored file like the original.
 * @throws PixrnnError 'input-unreadable', 'input-unsupported', 'limit'
 */
export function readPng(input: Uint8Array, options: ReaderOptions): Decoded {
  const file = readChunks(input);
  const header = parseHeader(file.chunks[0]!.data);
  const { width, height, channels, depth, indexed, interlaced } = header;
  const shape = { width, height, channels, depth, indexed };
  const { chunks, frames, warnings } = firstImage(file.chunks, options.firstFrame);
  const metadata = collectMetadata(chunks, file.trailing);
  const problem = colourChunkProblem(metadata, shape) ?? suggestedPaletteProblem(chunks);
  if (problem !== null) throw unreadable(`the PNG file is damaged: ${problem}`);
  checkSize(shape.width, shape.height, (shape.channels * shape.depth) / 8, options.maxPixels);
  const zlib = joinImageData(chunks);
  const raster = { ...shape, samples: decodePngStream({ ...shape, interlaced }, zlib) };
  return { raster, metadata, source: plainSource('PNG', { pages: frames, warnings }) };
}

/** Returns the chunks without those of an animation. */
function firstImage(
  chunks: PngChunk[],
  firstFrame: boolean,
): { chunks: PngChunk[]; frames: number; warnings: string[] } {
  const isAnimation = ({ type }: PngChunk): boolean => ANIMATION_CHUNKS.includes(type);
  const animation = chunks.filter(isAnimation);
  if (animation.length === 0) return { chunks, frames: 1, warnings: [] };
  const frames = animation.filter(({ type }) => type === 'fcTL').length;
  if (!firstFrame) {
    throw unsupported(
      `it is an animated PNG of ${frames} frames`,
      'Use firstFrame to read only its first frame.',
      'firstFrame',
    );
  }
  const types = chunks.map(({ type }) => type);
  const isFrame = types.includes('fcTL') && types.indexOf('fcTL') < types.indexOf('IDAT');
  const kept = isFrame ? 'the first frame' : 'the still image, which is not part of the animation,';
  const dropped = `${counted(animation.length, 'animation chunk')} (${ANIMATION_CHUNKS.join(', ')})`;
  return {
    chunks: chunks.filter((chunk) => !isAnimation(chunk)),
    frames: Math.max(1, frames),
    warnings: [`only ${kept} is kept; ${dropped} are dropped`],
  };
}

/** In an image without indices, PLTE is only a suggestion, but has the same form. */
function suggestedPaletteProblem(chunks: PngChunk[]): string | null {
  const bytes = chunks.find(({ type }) => type === 'PLTE')?.data.length ?? 3;
  return bytes > 0 && bytes % 3 === 0 && bytes <= 768 ? null : `its PLTE chunk has ${bytes} bytes, not 3 per colour`;
}

function joinImageData(chunks: PngChunk[]): Uint8Array {
  const parts = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  return parts.length === 1 ? parts[0]! : concatBytes(parts);
}
