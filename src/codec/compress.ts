import { DEFAULT_EFFORT, type Effort } from '../engine/effort.js';
import type { TileLikelihood } from '../engine/engine.js';
import type { EnginePool } from '../engine/pool.js';
import type { Raster } from '../image/raster.js';
import { type Model, idText } from '../model/model.js';
import { crc32 } from '../crc32.js';
import { allOrNone } from './all-or-none.js';
import { samplesDigest } from './check.js';
import { type ModelOptions, effortToCode, modelToCode, progressOver, withPool } from './coding-options.js';
import { type TileChunk, containerOverhead, decodeContainer, encodeContainer } from './container.js';
import { decodeTiles } from './decode-tiles.js';
import { sumCodeLengths } from './measure.js';
import { type Tile, extractTile, tileGrid } from './tile-grid.js';

export interface CompressOptions extends ModelOptions {
  /** Opaque payloads that come back with the image. */
  readonly metadata?: Uint8Array[] | undefined;
  /** Decode the result in other engine instances and compare it before it is returned; default true. */
  readonly verify?: boolean | undefined;
}

/** A compressed image and what is to be said of it. */
export interface Compressed extends TileLikelihood {
  /** The .prnn file. */
  readonly bytes: Uint8Array;
  /** Of the model that was tried, 16 hexadecimal digits; a file whose tiles are all raw names none. */
  readonly modelId: string;
  readonly modelName: string;
  readonly effort: Effort;
  readonly tiles: number;
  /** Bytes of coded samples: all tiles' payloads. */
  readonly codedBytes: number;
  /** Bytes that are neither coded samples nor metadata. */
  readonly overheadBytes: number;
  /** How many tiles are stored in which way. */
  readonly representations: { readonly model: number; readonly raw: number };
}

/** Compresses an image. The result depends on image, model, effort and metadata only, never on the number of threads. */
export async function compressRaster(raster: Raster, options: CompressOptions = {}): Promise<Compressed> {
  const { width, height, channels } = raster;
  const model = await modelToCode(raster, options.model);
  const effort = effortToCode(options.effort);
  const verify = options.verify ?? true;
  return withPool(options, async (pool) => {
    const onRows = progressOver(width * height * (verify ? 2 : 1), options.onProgress);
    const coded = await encodeTiles(raster, model, effort, pool, onRows, options.signal);
    const tiles = coded.map(({ chunk }) => chunk);
    const raw = tiles.filter(({ representation }) => representation === 'raw').length;
    const coding = raw < tiles.length ? { modelId: model.id, effort } : { modelId: null, effort: DEFAULT_EFFORT };
    const header = { width, height, channels, ...coding };
    const container = { header, metadata: options.metadata ?? [], tiles, digest: samplesDigest(raster.samples) };
    const bytes = encodeContainer(container);
    if (verify) await verifyBytes(bytes, raster, model, pool, onRows, options.signal);
    return {
      bytes,
      modelId: idText(model.id),
      modelName: model.name,
      effort,
      tiles: tiles.length,
      ...sumCodeLengths(coded, channels),
      codedBytes: tiles.reduce((sum, { payload }) => sum + payload.length, 0),
      overheadBytes: containerOverhead(container),
      representations: { model: tiles.length - raw, raw },
    };
  });
}

type TileProgress = ReturnType<typeof progressOver>;

/** Codes the tiles in parallel; the result is in the grid's order. */
async function encodeTiles(
  raster: Raster,
  model: Model,
  effort: Effort,
  pool: EnginePool,
  onRows: TileProgress,
  signal: AbortSignal | undefined,
): Promise<(TileLikelihood & { readonly chunk: TileChunk })[]> {
  const grid = tileGrid(raster.width, raster.height);
  const encodeTile = async (tile: Tile, stop: AbortSignal) => {
    const { width, height } = tile;
    const job = () =>
      ({
        kind: 'encode',
        effort,
        tile: { width, height, channels: raster.channels, samples: extractTile(raster, tile) },
      }) as const;
    const { payload, ...likelihood } = await pool.run(model, job, { onRows: onRows(width), signal: stop });
    const samples = extractTile(raster, tile); // the job's copy has gone to its thread
    const samplesCrc = grid.length > 1 ? crc32(samples) : null;
    const useful = payload !== null && payload.length < samples.length;
    const chunk: TileChunk = useful
      ? { representation: 'model', payload, samplesCrc }
      : { representation: 'raw', payload: samples, samplesCrc };
    return { chunk, ...likelihood };
  };
  return allOrNone(
    grid.map((tile) => (stop: AbortSignal) => encodeTile(tile, stop)),
    signal,
  );
}

/** Parses and decodes what was written and compares every tile with the image. */
async function verifyBytes(
  bytes: Uint8Array,
  raster: Raster,
  model: Model,
  pool: EnginePool,
  onRows: TileProgress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const container = decodeContainer(bytes, { maxPixels: Infinity });
  const compare = (tile: Tile, samples: Uint8Array): void => {
    if (Buffer.compare(samples, extractTile(raster, tile)) !== 0) {
      throw new Error(
        'verification failed: the result does not decode to the image. Please report this with the image',
      );
    }
  };
  await decodeTiles(container, model, pool, compare, { onRows, signal });
}
