import { packMetadata, withoutMetadata } from '../image/png-metadata.js';
import type { RasterShape } from '../image/raster.js';
import { metadataOf } from '../image/write-png.js';

/** The metadata that `--strip-metadata` keeps, as a .prnn file holds it: the palette and transparency. */
export async function strippedMetadata(shape: RasterShape, metadata: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const payload = await packMetadata(withoutMetadata(await metadataOf(shape, metadata), shape));
  return payload ? [payload] : [];
}
