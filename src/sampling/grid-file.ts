import { latin1Bytes } from '../bytes.js';
import { chunksOf } from '../image/ancillary-chunks.js';
import { NO_METADATA, packMetadata } from '../image/png-metadata.js';
import type { Raster } from '../image/raster.js';
import { writePng } from '../image/write-png.js';
import { idText, type Model } from '../model/model.js';

/** What drew the images of a grid. */
export interface Origin {
  readonly model: Model;
  readonly seed: number;
  readonly temperature: number;
}

/** A grid as a PNG file; a text chunk says what drew it, and `what` it is, in ASCII. */
export async function gridFile(grid: Raster, what: string, { model, seed, temperature }: Origin): Promise<Uint8Array> {
  const text = `pixrnn: ${what}; model ${idText(model.id)}, seed ${seed}, temperature ${temperature}`;
  const payload = await packMetadata({
    ...NO_METADATA,
    beforeImage: chunksOf({ comment: latin1Bytes(text) }),
  });
  return writePng(grid, payload ? [payload] : []);
}
