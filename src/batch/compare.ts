import { isDeepStrictEqual } from 'node:util';
import { counted } from '../counted.js';
import { samplesDigest } from '../codec/check.js';
import type { Container } from '../codec/container.js';
import { channelsName, type Raster, type RasterShape } from '../image/raster.js';
import { metadataOf } from '../image/write-png.js';
import { sameSamples } from '../samples.js';

/** An image with its metadata. */
export interface Image {
  readonly raster: Raster;
  readonly metadata: readonly Uint8Array[];
}

/** Returns how a .prnn file differs from an image ("its samples differ"), or null. Compares hashes and does not decode. */
export async function storedDifference(
  { header, metadata, digest }: Pick<Container, 'header' | 'metadata' | 'digest'>,
  image: Image,
): Promise<string | null> {
  const isSame = (): boolean => Buffer.compare(samplesDigest(image.raster.samples), digest) === 0;
  return (
    shapeDifference(header, image.raster) ??
    (isSame() ? await metadataDifference(image.raster, metadata, image.metadata) : OTHER_SAMPLES)
  );
}

/** Returns how an image differs from another, or null. */
export async function imageDifference(image: Image, other: Image): Promise<string | null> {
  return (
    shapeDifference(image.raster, other.raster) ??
    (sameSamples(image.raster.samples, other.raster.samples)
      ? await metadataDifference(image.raster, image.metadata, other.metadata)
      : OTHER_SAMPLES)
  );
}

const OTHER_SAMPLES = 'its samples differ';

function shapeDifference(shape: RasterShape, other: RasterShape): string | null {
  const [found, wanted] = [shapeText(shape), shapeText(other)];
  return found === wanted ? null : `it is ${found}, not ${wanted}`;
}

function shapeText({ width, height, channels, depth, indexed }: RasterShape): string {
  return `${width} x ${height} ${channelsName(channels, indexed)} with ${counted(depth, 'bit')} per sample`;
}

/** Compares unpacked metadata, because other versions of Node.js may compress the same chunks differently. */
async function metadataDifference(
  shape: RasterShape,
  metadata: readonly Uint8Array[],
  other: readonly Uint8Array[],
): Promise<string | null> {
  const isSame = isDeepStrictEqual(await metadataOf(shape, metadata), await metadataOf(shape, other));
  return isSame ? null : 'its metadata differs';
}
