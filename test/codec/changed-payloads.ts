import assert from 'node:assert/strict';
import type { Container, TileChunk } from '#pixrnn/codec/container.js';
import { encodeContainer } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import type { Coders } from '#pixrnn/engine/pool.js';
import { PixrnnError } from '#pixrnn/errors.js';

/** Changes every third byte of the payload of a container's only tile, up to byte `end`: no change may decode. */
export async function assertChangesDetected(
  container: Container,
  tile: TileChunk,
  end: number,
  pool: Coders,
): Promise<void> {
  const { payload } = tile.colours;
  for (let at = 0; at < end; at += 3) {
    const colours = { ...tile.colours, payload: payload.with(at, payload[at]! ^ 0x11) };
    let damaged: Uint8Array;
    try {
      damaged = encodeContainer({ ...container, image: [{ ...tile, colours }] });
    } catch (error) {
      assert.ok(error instanceof RangeError || error instanceof PixrnnError);
      continue;
    }
    await assert.rejects(decompressToRaster(damaged, { pool }), PixrnnError, `byte ${at}`);
  }
}
