import { packMetadata, withoutMetadata } from '../image/png-metadata.js';
import type { RasterShape } from '../image/raster.js';
import { metadataOf } from '../image/write-png.js';

/** Returns the metadata that `--strip-metadata` keeps, as stored in a .prnn file: palette and transparency. */
export async function strippedMetadata(shape: RasterShape, metadata: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const payload = await packMetadata(withoutMetadata(await metadataOf(shape, metadata), shape));
  return payload ? [payload] : [];
}
