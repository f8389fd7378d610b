import type { Entry } from '#pixrnn/report/entry.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { measureImage } from '#pixrnn/report/measure.js';
import { picturesOf, scaledMap } from '#pixrnn/report/pictures.js';

/** A name that is harmful wherever it is not escaped. */
export const EVIL_NAME = '=<script>alert(1)</script>"\'&\n\u202egnp.<img src=x onerror=alert(2)>,png';

/** Returns the report entries of rasters, as the command line makes them, at the lowest effort. */
export async function entriesOf(rasters: readonly (readonly [file: string, raster: Raster])[]): Promise<Entry[]> {
  const pool = await EnginePool.create({ threads: 2 });
  try {
    const entries: Entry[] = [];
    for (const [file, raster] of rasters) {
      const options = { effort: 1, pool } as const;
      const source = { raster, metadata: [], bytes: 1000 };
      entries.push({
        file,
        format: 'PNG',
        figures: await measureImage(source, options),
        peers: [
          { name: 'PNG', setting: 'level 9', bytes: 2000 + entries.length },
          { name: 'WebP', setting: 'cwebp -lossless -z 9', bytes: null },
        ],
        chunks: [{ type: 'tEXt', bytes: 9, keyword: 'Title', text: '</dd><script>alert(3)</script>\u202e' }],
        pictures: await picturesOf(raster, [], await scaledMap(raster, undefined, options)),
      });
    }
    return entries;
  } finally {
    await pool.close();
  }
}
