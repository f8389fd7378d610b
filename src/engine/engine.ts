import { readFile } from 'node:fs/promises';
import { PixrnnError } from '../errors.js';
import { architectureOf } from '../model/architecture.js';
import type { Model } from '../model/model.js';
import { DEFAULT_EFFORT, type Effort, FLAG_INTERVALS, engineFlags } from './effort.js';

/** A rectangle of samples, [height][width][channels], 8 bit; at most 1,024 wide and 2^20 pixels. */
export interface TileSamples {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly samples: Uint8Array;
}

/** What coding or measuring a tile says of it, by channel and in bits. */
export interface TileLikelihood {
  /** -log2 of the probabilities that the coder is given, before they are quantised. */
  readonly codeLengthBits: number[];
  /** The same by the model's own probabilities: without a mixer there are no others. */
  readonly modelCodeLengthBits: number[];
}

export interface EncodedTile extends TileLikelihood {
  /** The coded samples; null where they would not fit the engine's memory, which is more than the samples of a tile take. */
  readonly payload: Uint8Array | null;
}

/** Called between rows with the number of rows done. */
export type RowsDone = (rows: number) => void;

/** How a tile is to be coded and watched. */
export interface TileOptions {
  readonly effort?: Effort | undefined;
  readonly onRows?: RowsDone | undefined;
}

export interface EncodeOptions extends TileOptions {
  /**
   * Called for every symbol and every binary decision, of which a sub-pixel may take several, with the cumulative counts, out of
   * 2^22, between which it was coded.
   */
  readonly onSymbol?: ((low: number, high: number) => void) | undefined;
}

export interface MeasureOptions extends TileOptions {
  /** Flags of effort.ts in place of the effort's: to see what a part is worth alone. No file can be coded so. */
  readonly flags?: number | undefined;
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
  intervalCount(): number;
  mixerStateAt(): number;
  mixerStateLength(): number;
  keepMixerState(): void;
  configure(architecture: number): number;
  prepare(hasMixerState: number): void;
  start(mode: number, width: number, channels: number, streamLength: number, flags: number): void;
  codeRows(from: number, to: number): void;
  finish(): number;
  codeLengthOf(channel: number): number;
  modelCodeLengthOf(channel: number): number;
}

const ENCODE = 0;
const DECODE = 1;
const MEASURE = 2;
/** Pixels between two calls of `RowsDone`: a tenth of a second or less. */
const PIXELS_PER_TURN = 2048;

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

  encode(model: Model, tile: TileSamples, options: EncodeOptions = {}): EncodedTile {
    const likelihood = this.code(model, tile, ENCODE, options);
    const length = this.wasm.finish();
    return { payload: length < 0 ? null : this.bytes(this.wasm.streamAt(), length).slice(), ...likelihood };
  }

  measure(model: Model, tile: TileSamples, options: MeasureOptions = {}): TileLikelihood {
    return this.code(model, tile, MEASURE, options);
  }

  /**
   * Codes the tiles one after the other at the highest effort, the mixer going on from what the tile before has taught it, and returns what it
   * knows in the end: a start state for the model. Yields after each tile; the engine does nothing else meanwhile.
   */
  *trainMixer(model: Model, tiles: Iterable<TileSamples>): Generator<TileLikelihood, Float32Array> {
    this.loaded = null;
    this.load(model);
    try {
      for (const tile of tiles) {
        const likelihood = this.measure(model, tile);
        this.wasm.keepMixerState();
        yield likelihood;
      }
      const length = this.wasm.mixerStateLength();
      return new Float32Array(this.wasm.memory.buffer, this.wasm.mixerStateAt(), length).slice();
    } finally {
      this.loaded = null; // what is coded next begins with the model's own state
    }
  }

  /** Samples out of a payload. Any bytes decode to something: what is right only the container's hashes tell. */
  decode(
    model: Model,
    payload: Uint8Array,
    width: number,
    height: number,
    { effort = DEFAULT_EFFORT, onRows }: TileOptions = {},
  ): Uint8Array {
    const { channels } = model.spec;
    this.checkSize(width, height);
    if (payload.length > this.wasm.MAX_TILE_PIXELS.value * channels) throw new RangeError('the payload is too long');
    this.load(model);
    this.bytes(this.wasm.streamAt(), payload.length).set(payload);
    this.wasm.start(DECODE, width, channels, payload.length, engineFlags(effort));
    this.codeRows(height, rowsPerTurn(width), onRows);
    return this.bytes(this.wasm.samplesAt(), width * height * channels).slice();
  }

  private code(
    model: Model,
    { width, height, channels, samples }: TileSamples,
    mode: number,
    { effort = DEFAULT_EFFORT, flags = engineFlags(effort), onRows, onSymbol }: EncodeOptions & MeasureOptions,
  ): TileLikelihood {
    if (channels !== model.spec.channels || samples.length !== width * height * channels) {
      throw new RangeError('the tile has not the channels of the model, or not the samples of its size');
    }
    this.checkSize(width, height);
    this.load(model);
    this.bytes(this.wasm.samplesAt(), samples.length).set(samples);
    this.wasm.start(mode, width, channels, 0, flags | (onSymbol ? FLAG_INTERVALS : 0));
    // The engine keeps the intervals of one row.
    this.codeRows(height, onSymbol ? 1 : rowsPerTurn(width), (rows) => {
      if (onSymbol) this.reportSymbols(onSymbol);
      onRows?.(rows);
    });
    const byChannel = (length: (c: number) => number): number[] =>
      Array.from({ length: channels }, (_, c) => length(c));
    return {
      codeLengthBits: byChannel((c) => this.wasm.codeLengthOf(c)),
      modelCodeLengthBits: byChannel((c) => this.wasm.modelCodeLengthOf(c)),
    };
  }

  /** The engine's memory is laid out for the largest tile; nothing in WebAssembly would stop a larger one. */
  private checkSize(width: number, height: number): void {
    const { MAX_TILE_WIDTH, MAX_TILE_PIXELS } = this.wasm;
    if (width < 1 || height < 1 || width > MAX_TILE_WIDTH.value || width * height > MAX_TILE_PIXELS.value) {
      throw new RangeError(`a tile of ${width} x ${height} does not fit the engine`);
    }
  }

  /** Codes all rows of the tile that was started, `step` of them between two calls of `onTurn`. */
  private codeRows(height: number, step: number, onTurn: RowsDone | undefined): void {
    for (let y = 0; y < height; y += step) {
      const end = Math.min(height, y + step);
      this.wasm.codeRows(y, end);
      onTurn?.(end);
    }
  }

  /** Hands out the intervals of the row coded last. */
  private reportSymbols(onSymbol: (low: number, high: number) => void): void {
    const count = this.wasm.intervalCount();
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
    const weights = this.floats(this.wasm.weightsAt(), Math.max(0, expected));
    let at = 0;
    for (const values of model.tensors.values()) {
      weights.set(values, at);
      at += values.length;
    }
    if (at !== expected) throw new Error(`the engine takes ${expected} weights and the model has ${at}`);
    this.loadMixerState(model.mixer);
    this.wasm.prepare(model.mixer ? 1 : 0);
    this.loaded = model;
  }

  private loadMixerState(state: Float32Array | null): void {
    if (!state) return;
    const length = this.wasm.mixerStateLength();
    if (state.length !== length) {
      throw new Error(`the engine's mixer takes ${length} values and the model has ${state.length}`);
    }
    this.floats(this.wasm.mixerStateAt(), length).set(state);
  }

  private floats(address: number, length: number): Float32Array {
    return new Float32Array(this.wasm.memory.buffer, address, length);
  }

  private bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer, address, length);
  }
}

function rowsPerTurn(width: number): number {
  return Math.max(1, Math.floor(PIXELS_PER_TURN / width));
}
