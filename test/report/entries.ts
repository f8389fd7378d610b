import type { PixelsEntry } from '#pixrnn/report/entry.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { measureImage } from '#pixrnn/report/measure.js';
import { picturesOf, pixelMap } from '#pixrnn/report/pictures.js';

/** A name that is harmful wherever it is not escaped. */
export const EVIL_NAME = '=<script>alert(1)</script>"\'&\n\u202egnp.<img src=x onerror=alert(2)>,png';

/** Returns the report entries of rasters, as the command line makes them, at the lowest effort. */
export async function entriesOf(rasters: readonly (readonly [file: string, raster: Raster])[]): Promise<PixelsEntry[]> {
  const pool = await EnginePool.create({ threads: 2 });
  try {
    const entries: PixelsEntry[] = [];
    for (const [file, raster] of rasters) {
      const options = { effort: 1, pool } as const;
      const source = { raster, metadata: [], bytes: 1000 };
      entries.push({
        kind: 'pixels',
        file,
        format: 'PNG',
        figures: await measureImage(source, options),
        peers: [
          { name: 'PNG', setting: 'level 9', bytes: 2000 + entries.length },
          { name: 'WebP', setting: 'cwebp -lossless -z 9', bytes: null },
        ],
        chunks: [{ type: 'tEXt', bytes: 9, keyword: 'Title', text: '</dd><script>alert(3)</script>\u202e' }],
        pictures: await picturesOf(await writeImage(raster, [], 'png'), await pixelMap(raster, undefined, options)),
      });
    }
    return entries;
  } finally {
    await pool.close();
  }
}
