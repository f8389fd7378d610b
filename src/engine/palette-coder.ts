import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import { type Channels, DEPTHS, type Samples } from '../samples.js';
import type { TileSamples } from './tile.js';
import { checkTileLimits, isTileSize, type TileLimits } from './tile-limits.js';

/** A tile of 1 to 4 channels; samples are below 2^depth. */
export type PaletteTile = TileSamples<Channels>;

/** The size and format of a tile, which the decoder has. */
export type PaletteShape = Omit<PaletteTile, 'samples'>;

/** The exports of `assembly/palette/index.ts`. */
interface PaletteCoderExports extends TileLimits {
  readonly memory: WebAssembly.Memory;
  prepare(width: number, height: number, channels: number, depth: number, room: number): number;
  samplesAt(): number;
  streamAt(): number;
  encode(room: number): number;
  decode(length: number): void;
}

/** Compiles the palette coder; the module can be sent to worker threads. */
export async function compilePaletteCoder(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await host().readAsset('palette.wasm'));
}

/**
 * An instance of the palette coder (docs/format/palette.md), for tiles of few colours and repeated structure. It codes
 * one tile at a time and can be reused for any number of tiles; its memory grows to the needs of the largest one.
 */
export class PaletteCoder {
  private constructor(private readonly wasm: PaletteCoderExports) {}

  static async create(module: WebAssembly.Module): Promise<PaletteCoder> {
    const instance = await WebAssembly.instantiate(module, {});
    const wasm = instance.exports as unknown as PaletteCoderExports;
    checkTileLimits(wasm);
    return new PaletteCoder(wasm);
  }

  /** Size of the instance's memory in bytes. */
  get memoryBytes(): number {
    return this.wasm.memory.buffer.byteLength;
  }

  /**
   * Returns the tile's payload. Returns null once it would exceed `limit` bytes, or if the tile, of 2^14 pixels or
   * more, looks like a colour photograph (assembly/palette/photograph.ts), which is detected before coding.
   * @throws RangeError for a tile that does not fit or has the wrong number of samples
   */
  encode(tile: PaletteTile, limit: number): Uint8Array | null {
    const { samples } = tile;
    if (samples.length !== sampleCount(tile)) throw new RangeError('the tile has the wrong number of samples');
    const room = Math.max(0, Math.min(Math.floor(limit), maxPayloadBytes(tile)));
    this.prepare(tile, room);
    this.samples(tile).set(samples);
    const length = this.wasm.encode(room);
    return length < 0 ? null : this.bytes(this.wasm.streamAt(), length).slice();
  }

  /**
   * Decodes a payload. Any bytes decode to some samples: only the hashes of the container detect corruption.
   * @throws RangeError for a tile that does not fit
   */
  decode(payload: Uint8Array, shape: PaletteShape): Samples {
    this.checkShape(shape);
    const used = payload.subarray(0, maxPayloadBytes(shape));
    this.prepare(shape, used.length);
    this.bytes(this.wasm.streamAt(), used.length).set(used);
    this.wasm.decode(used.length);
    return this.samples(shape).slice();
  }

  private prepare(shape: PaletteShape, room: number): void {
    this.checkShape(shape);
    const { width, height, channels, depth } = shape;
    if (this.wasm.prepare(width, height, channels, depth, room) === 0) {
      throw new PixrnnError('limit', 'the palette coder ran out of memory for a tile. Use fewer threads.');
    }
  }

  private checkShape({ width, height, channels, depth }: PaletteShape): void {
    if (!isTileSize({ width, height }) || ![1, 2, 3, 4].includes(channels) || !DEPTHS.includes(depth)) {
      throw new RangeError(`a tile of ${width} x ${height}, ${channels} x ${depth} bit does not fit the palette coder`);
    }
  }

  /** Returns the samples in the coder's memory. */
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

/** Returns the maximum size of a payload: coding stops at twice the size of the samples. */
function maxPayloadBytes(shape: PaletteShape): number {
  return 64 + 2 * sampleCount(shape) * (shape.depth === 16 ? 2 : 1);
}
