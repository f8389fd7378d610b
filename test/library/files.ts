import { samplesCrc, samplesDigest } from '#pixrnn/codec/check.js';
import { type Container, encodeContainer, encodeStored, type TileChunk } from '#pixrnn/codec/container.js';
import { extractTile, tileGrid } from '#pixrnn/codec/tile-grid.js';
import { NO_METADATA, packMetadata } from '#pixrnn/image/png-metadata.js';
import { writePng } from '#pixrnn/image/write-png.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { packSamples } from '#pixrnn/samples.js';

/*
 * .prnn files of any tiles that need no time to code.
 */

/** Returns a container of raw tiles. */
export function rawContainer(raster: Raster): Container & { readonly image: readonly TileChunk[] } {
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

/** Returns a file that stores its source, a PNG file. */
export async function storedFile(raster: Raster): Promise<Uint8Array> {
  const { width, height, depth, indexed } = raster;
  const palette = { type: 'PLTE', data: new Uint8Array(3 * 2 ** depth) };
  const metadata = await packMetadata({ ...NO_METADATA, beforeImage: indexed ? [palette] : [] });
  const source = await writePng(raster, metadata === null ? [] : [metadata]);
  return encodeStored({ width, height, extension: '.png', source });
}

function containerOf({ width, height, channels, depth, indexed, samples }: Raster): Omit<Container, 'image'> {
  const header = { width, height, channels, depth, indexed, rgbModel: null, grayModel: null, effort: 3 } as const;
  return { header, metadata: [], restoration: null, activeAlphabet: null, digest: samplesDigest(samples) };
}

/** Returns the rows of a raster that a region is compared with. */
export function rowsOf(raster: Raster, first: number, end: number): Raster {
  const rowSamples = raster.width * raster.channels;
  return { ...raster, height: end - first, samples: raster.samples.slice(first * rowSamples, end * rowSamples) };
}
