import { latin1Bytes } from '../bytes.js';
import { chunksOf } from '../image/ancillary-chunks.js';
import { NO_METADATA, packMetadata } from '../image/png-metadata.js';
import type { Raster } from '../image/raster.js';
import { writePng } from '../image/write-png.js';
import { idText, type Model } from '../model/model.js';

/** Model and parameters that a grid's images were drawn with. */
export interface Origin {
  readonly model: Model;
  readonly seed: number;
  readonly temperature: number;
}

/** Returns a grid as a PNG file. A text chunk names its content (`what`, ASCII), the model, the seed and the temperature. */
export async function gridFile(grid: Raster, what: string, { model, seed, temperature }: Origin): Promise<Uint8Array> {
  const text = `pixrnn: ${what}; model ${idText(model.id)}, seed ${seed}, temperature ${temperature}`;
  const payload = await packMetadata({
    ...NO_METADATA,
    beforeImage: chunksOf({ comment: latin1Bytes(text) }),
  });
  return writePng(grid, payload ? [payload] : []);
}
