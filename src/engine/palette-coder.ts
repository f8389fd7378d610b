import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import { type Channels, DEPTHS, type Samples } from '../samples.js';
import type { TileSamples } from './tile.js';
import { checkTileLimits, isTileSize, type TileLimits } from './tile-limits.js';

/** A tile of any channels; samples are below 2^depth. */
export type PaletteTile = TileSamples<Channels>;

/** What the decoder knows of a tile. */
export type PaletteShape = Omit<PaletteTile, 'samples'>;

/** What `assembly/palette/index.ts` exports. */
interface PaletteCoderExports extends TileLimits {
  readonly memory: WebAssembly.Memory;
  prepare(width: number, height: number, channels: number, depth: number, room: number): number;
  samplesAt(): number;
  streamAt(): number;
  encode(room: number): number;
  decode(length: number): void;
}

/** Compiles the coder; the module may be sent to worker threads. */
export async function compilePaletteCoder(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await host().readAsset('palette.wasm'));
}

/**
 * One instance of the colour coder (docs/format/palette.md), for tiles of few colours and repeated structure. It codes
 * one tile at a time and may be used for any number of them; its memory grows to what the largest of them takes.
 */
export class PaletteCoder {
  private constructor(private readonly wasm: PaletteCoderExports) {}

  static async create(module: WebAssembly.Module): Promise<PaletteCoder> {
    const instance = await WebAssembly.instantiate(module, {});
    const wasm = instance.exports as unknown as PaletteCoderExports;
    checkTileLimits(wasm);
    return new PaletteCoder(wasm);
  }

  /** Bytes of the instance's memory. */
  get memoryBytes(): number {
    return this.wasm.memory.buffer.byteLength;
  }

  /**
   * The tile's payload; null where more than `limit` bytes would be needed (it stops there), or where the tile looks like
   * a photograph in colour, of 2^14 pixels or more (assembly/palette/photograph.ts), which is seen before any is coded.
   * @throws RangeError for a tile that does not fit or has not the samples of its size
   */
  encode(tile: PaletteTile, limit: number): Uint8Array | null {
    const { samples } = tile;
    if (samples.length !== sampleCount(tile)) throw new RangeError('the tile has not the samples of its size');
    const room = Math.max(0, Math.min(Math.floor(limit), longestPayload(tile)));
    this.prepare(tile, room);
    this.samples(tile).set(samples);
    const length = this.wasm.encode(room);
    return length < 0 ? null : this.bytes(this.wasm.streamAt(), length).slice();
  }

  /**
   * Samples out of a payload. Any bytes decode to something: what is right only the container's hashes tell.
   * @throws RangeError for a tile that does not fit
   */
  decode(payload: Uint8Array, shape: PaletteShape): Samples {
    this.checkShape(shape);
    const used = payload.subarray(0, longestPayload(shape));
    this.prepare(shape, used.length);
    this.bytes(this.wasm.streamAt(), used.length).set(used);
    this.wasm.decode(used.length);
    return this.samples(shape).slice();
  }

  private prepare(shape: PaletteShape, room: number): void {
    this.checkShape(shape);
    const { width, height, channels, depth } = shape;
    if (this.wasm.prepare(width, height, channels, depth, room) === 0) {
      throw new PixrnnError('limit', 'the colour coder got no memory for a tile. Use fewer threads.');
    }
  }

  private checkShape({ width, height, channels, depth }: PaletteShape): void {
    if (!isTileSize({ width, height }) || ![1, 2, 3, 4].includes(channels) || !DEPTHS.includes(depth)) {
      throw new RangeError(`a tile of ${width} x ${height}, ${channels} x ${depth} bit does not fit the colour coder`);
    }
  }

  /** The samples in the coder's memory. */
  private samples(shape: PaletteShape): Samples {
    const TypedArray = shape.depth === 16 ? Uint16Array : Uint8Array;
    return new TypedArray(this.wasm.memory.buffer, this.wasm.samplesAt(), sampleCount(shape));
  }

  private bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer, address, length);
  }
}

function sampleCount({ width, height, channels }: PaletteShape): number {
  return width * height * channels;
}

/** No payload is longer: a tile that takes more than twice the bytes of its samples is given up. */
function longestPayload(shape: PaletteShape): number {
  return 64 + 2 * sampleCount(shape) * (shape.depth === 16 ? 2 : 1);
}
