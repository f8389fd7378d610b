import { readFile } from 'node:fs/promises';
import { PixrnnError } from '../errors.js';
import { architectureOf } from '../model/architecture.js';
import type { Model } from '../model/model.js';

/** A rectangle of samples, [height][width][channels], 8 bit; at most 1,024 wide and 2^20 pixels. */
export interface TileSamples {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly samples: Uint8Array;
}

/** What coding or measuring a tile says of it. */
export interface TileLikelihood {
  /** -log2 of the model's probabilities by channel, in bits, before they are quantised. */
  readonly codeLengthBits: number[];
}

export interface EncodedTile extends TileLikelihood {
  /** The coded samples; null where they would not fit the engine's memory, which is more than the samples of a tile take. */
  readonly payload: Uint8Array | null;
}

/** Called between rows with the number of rows done. */
export type RowsDone = (rows: number) => void;

export interface EncodeHooks {
  readonly onRows?: RowsDone | undefined;
  /** Called for every sub-pixel with the cumulative counts, out of 2^22, between which its symbol was coded. */
  readonly onSymbol?: ((low: number, high: number) => void) | undefined;
}

/** What `assembly/index.ts` exports. */
interface EngineExports {
  readonly memory: WebAssembly.Memory;
  readonly MAX_TILE_WIDTH: WebAssembly.Global;
  readonly MAX_TILE_PIXELS: WebAssembly.Global;
  specAt(): number;
  samplesAt(): number;
  streamAt(): number;
  weightsAt(): number;
  intervalsAt(): number;
  configure(architecture: number): number;
  prepare(): void;
  start(mode: number, width: number, channels: number, streamLength: number): void;
  codeRows(from: number, to: number): void;
  finish(): number;
  codeLengthOf(channel: number): number;
}

const ENCODE = 0;
const DECODE = 1;
const MEASURE = 2;
/** Pixels between two calls of `RowsDone`: some hundredths of a second. */
const PIXELS_PER_TURN = 8192;

/** Compiles the engine; the module may be sent to worker threads. */
export async function compileEngine(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL('../engine.wasm', import.meta.url)));
}

/**
 * One instance of the engine: it codes one tile at a time and may be used again for any number of tiles, sizes and models.
 * Its memory is laid out when a model is loaded and does not grow from tile to tile.
 */
export class Engine {
  private loaded: Model | null = null;

  private constructor(private readonly wasm: EngineExports) {}

  static async create(module: WebAssembly.Module): Promise<Engine> {
    const instance = await WebAssembly.instantiate(module, {});
    return new Engine(instance.exports as unknown as EngineExports);
  }

  /** Bytes of the instance's memory. */
  get memoryBytes(): number {
    return this.wasm.memory.buffer.byteLength;
  }

  encode(model: Model, tile: TileSamples, { onRows, onSymbol }: EncodeHooks = {}): EncodedTile {
    const codeLengthBits = this.code(model, tile, ENCODE, onRows, onSymbol);
    const length = this.wasm.finish();
    return { payload: length < 0 ? null : this.bytes(this.wasm.streamAt(), length).slice(), codeLengthBits };
  }

  measure(model: Model, tile: TileSamples, onRows?: RowsDone): TileLikelihood {
    return { codeLengthBits: this.code(model, tile, MEASURE, onRows) };
  }

  /** Samples out of a payload. Any bytes decode to something: what is right only the container's hashes tell. */
  decode(model: Model, payload: Uint8Array, width: number, height: number, onRows?: RowsDone): Uint8Array {
    const { channels } = model.spec;
    this.checkSize(width, height);
    if (payload.length > this.wasm.MAX_TILE_PIXELS.value * channels) throw new RangeError('the payload is too long');
    this.load(model);
    this.bytes(this.wasm.streamAt(), payload.length).set(payload);
    this.run(DECODE, { width, height, channels }, payload.length, rowsPerTurn(width), onRows);
    return this.bytes(this.wasm.samplesAt(), width * height * channels).slice();
  }

  private code(
    model: Model,
    tile: TileSamples,
    mode: number,
    onRows: RowsDone | undefined,
    onSymbol?: EncodeHooks['onSymbol'],
  ): number[] {
    const { width, height, channels, samples } = tile;
    if (channels !== model.spec.channels || samples.length !== width * height * channels) {
      throw new RangeError('the tile has not the channels of the model, or not the samples of its size');
    }
    this.checkSize(width, height);
    this.load(model);
    this.bytes(this.wasm.samplesAt(), samples.length).set(samples);
    const onTurn: RowsDone = (rows) => {
      if (onSymbol) this.reportSymbols(width * channels, onSymbol);
      onRows?.(rows);
    };
    // The engine keeps the intervals of one row.
    this.run(mode, tile, 0, onSymbol ? 1 : rowsPerTurn(width), onTurn);
    return Array.from({ length: channels }, (_, c) => this.wasm.codeLengthOf(c));
  }

  /** The engine's memory is laid out for the largest tile; nothing in WebAssembly would stop a larger one. */
  private checkSize(width: number, height: number): void {
    const { MAX_TILE_WIDTH, MAX_TILE_PIXELS } = this.wasm;
    if (width < 1 || height < 1 || width > MAX_TILE_WIDTH.value || width * height > MAX_TILE_PIXELS.value) {
      throw new RangeError(`a tile of ${width} x ${height} does not fit the engine`);
    }
  }

  /** Codes all rows of a tile, `step` of them between two calls of `onTurn`. */
  private run(
    mode: number,
    { width, height, channels }: Omit<TileSamples, 'samples'>,
    streamLength: number,
    step: number,
    onTurn: RowsDone | undefined,
  ): void {
    this.wasm.start(mode, width, channels, streamLength);
    for (let y = 0; y < height; y += step) {
      const end = Math.min(height, y + step);
      this.wasm.codeRows(y, end);
      onTurn?.(end);
    }
  }

  /** Hands out the intervals of the row coded last. */
  private reportSymbols(count: number, onSymbol: (low: number, high: number) => void): void {
    const pairs = new Uint32Array(this.wasm.memory.buffer, this.wasm.intervalsAt(), 2 * count);
    for (let i = 0; i < pairs.length; i += 2) onSymbol(pairs[i] as number, pairs[i + 1] as number);
  }

  private load(model: Model): void {
    if (this.loaded === model) return;
    const architecture = architectureOf(model.spec.architecture);
    new Int32Array(this.wasm.memory.buffer, this.wasm.specAt(), 16).set(architecture.engineSpec(model.spec));
    this.loaded = null;
    const expected = this.wasm.configure(architecture.engineCode);
    if (expected === -2) {
      throw new PixrnnError('limit', 'the engine got no memory for the model. Use fewer threads or a smaller model.');
    }
    const weights = new Float32Array(this.wasm.memory.buffer, this.wasm.weightsAt(), Math.max(0, expected));
    let at = 0;
    for (const values of model.tensors.values()) {
      weights.set(values, at);
      at += values.length;
    }
    if (at !== expected) throw new Error(`the engine takes ${expected} weights and the model has ${at}`);
    this.wasm.prepare();
    this.loaded = model;
  }

  private bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer, address, length);
  }
}

function rowsPerTurn(width: number): number {
  return Math.max(1, Math.floor(PIXELS_PER_TURN / width));
}
