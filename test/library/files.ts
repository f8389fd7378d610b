import { samplesCrc, samplesDigest } from '#pixrnn/codec/check.js';
import { type Container, encodeContainer, type TileChunk } from '#pixrnn/codec/container.js';
import { extractTile, tileGrid } from '#pixrnn/codec/tile-grid.js';
import { encodePngStream } from '#pixrnn/image/png-stream.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { packSamples } from '#pixrnn/samples.js';

/*
 * .prnn files of any tiles that need no time to code.
 */

/** Returns a container of raw tiles. */
export function rawContainer(raster: Raster): Container {
  const grid = tileGrid(raster.width, raster.height);
  const image = grid.map((tile): TileChunk => {
    const samples = extractTile(raster, tile);
    return {
      alpha: null,
      isGray: false,
      hiddenColour: null,
      colours: { representation: 'raw', payload: packSamples(samples, raster.depth) },
      samplesCrc: grid.length > 1 ? samplesCrc(samples) : null,
    };
  });
  return { ...containerOf(raster), image };
}

/** Returns a file of raw tiles. */
export function rawFile(raster: Raster): Uint8Array {
  return encodeContainer(rawContainer(raster));
}

/** Returns a file that stores a PNG stream. */
export async function pngStreamFile(raster: Raster): Promise<Uint8Array> {
  const image = { interlaced: false, zlib: await encodePngStream(raster) };
  return encodeContainer({ ...containerOf(raster), image });
}

function containerOf({ width, height, channels, depth, indexed, samples }: Raster): Omit<Container, 'image'> {
  const header = { width, height, channels, depth, indexed, rgbModel: null, grayModel: null, effort: 3 } as const;
  return { header, metadata: [], activeAlphabet: null, digest: samplesDigest(samples) };
}

/** Returns the rows of a raster that a region is compared with. */
export function rowsOf(raster: Raster, first: number, end: number): Raster {
  const rowSamples = raster.width * raster.channels;
  return { ...raster, height: end - first, samples: raster.samples.slice(first * rowSamples, end * rowSamples) };
}
