import { EnginePool } from '#pixrnn/engine/pool.js';
import { BITS_PER_BLOCK } from '#pixrnn/heat-map/bit-map.js';
import type { JpegEntry } from '#pixrnn/report/entry.js';
import { measureJpeg } from '#pixrnn/report/jpeg.js';
import { picturesOf, scaled } from '#pixrnn/report/pictures.js';

/** Returns the report entries of JPEG files, as the command line makes them, at the lowest effort. */
export async function jpegEntriesOf(
  files: readonly (readonly [file: string, bytes: Uint8Array])[],
): Promise<JpegEntry[]> {
  const pool = await EnginePool.create({ threads: 1 });
  try {
    const entries: JpegEntry[] = [];
    for (const [file, bytes] of files) {
      const { figures, drawMap } = await measureJpeg({ bytes, extension: '.jpg' }, { effort: 1, pool });
      const map = drawMap && scaled(drawMap(), BITS_PER_BLOCK, figures.coefficients?.bits ?? NaN, undefined);
      const pictures = map && (await picturesOf(bytes, map));
      entries.push({ kind: 'jpeg', file, format: 'JPEG', figures, peers: [], pictures });
    }
    return entries;
  } finally {
    await pool.close();
  }
}
