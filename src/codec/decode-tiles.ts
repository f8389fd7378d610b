import { crc32 } from '../crc32.js';
import type { EnginePool } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import type { Model } from '../model/model.js';
import { allOrNone } from './all-or-none.js';
import type { Container } from './container.js';
import { type Tile, tileGrid } from './tile-grid.js';

/**
 * Decodes every tile of a container, in parallel, and hands its samples, [height][width][channels], to `onTile` in no
 * particular order. `model` may be null only where no tile needs one. Throws `hash-mismatch` where a tile's samples are not
 * those that were compressed.
 */
export async function decodeTiles(
  { header, tiles }: Container,
  model: Model | null,
  pool: EnginePool,
  onTile: (tile: Tile, samples: Uint8Array) => void,
  { onRows, signal }: { onRows?: (tileWidth: number) => (rows: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const decodeTile = async (tile: Tile, index: number, stop: AbortSignal): Promise<void> => {
    const chunk = tiles[index];
    if (!chunk) throw new Error('a container has a chunk for every tile');
    const report = onRows?.(tile.width);
    let samples: Uint8Array = chunk.payload;
    if (chunk.representation === 'model') {
      const { effort } = header;
      if (!model) throw new Error('a tile needs a model');
      samples = await pool.run(
        model,
        () =>
          ({ kind: 'decode', effort, payload: chunk.payload.slice(), width: tile.width, height: tile.height }) as const,
        { onRows: report, signal: stop },
      );
    } else report?.(tile.height);
    if (chunk.samplesCrc !== null && chunk.samplesCrc !== crc32(samples)) {
      const place = `tile ${index + 1} of ${tiles.length} (${tile.width} x ${tile.height} at ${tile.x}, ${tile.y})`;
      throw new PixrnnError('hash-mismatch', `${place} does not decode to what was compressed. Get the file again.`);
    }
    onTile(tile, samples);
  };
  const grid = tileGrid(header.width, header.height);
  await allOrNone(
    grid.map((tile, i) => (stop: AbortSignal) => decodeTile(tile, i, stop)),
    signal,
  );
}
