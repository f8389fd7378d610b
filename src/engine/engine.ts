import { PixrnnError } from '../errors.js';
import { architectureOf } from '../model/architectures.js';
import type { Model } from '../model/model.js';
import { allocateSamples, type Samples } from '../samples.js';
import { DEFAULT_EFFORT, type Effort, FLAG_INTERVALS, FLAG_KNOWN, FLAG_PIXEL_BITS, engineFlags } from './effort.js';
import type { EngineExports } from './engine-module.js';
import { MAX_GAIN_BITS, gainBits } from './gain.js';
import { type Small, checkSmall, copyKnown, knownSamples, knownWith, smallOf } from './known.js';
import { type SideInformation, type TileSamples, type TileShape, checkSamples } from './tile.js';
import { AlphabetMap } from './alphabet-map.js';
import { checkTileLimits, isTileSize, MAX_TILE_PIXELS } from './tile-limits.js';

export { compileEngine } from './engine-module.js';
export type { SideInformation, TileSamples, TileShape } from './tile.js';

/** What coding or measuring a tile says of it, by channel and in bits. */
export interface TileLikelihood {
  /** -log2 of the probabilities that the coder is given, before they are quantised. */
  readonly codeLengthBits: number[];
  /** The same by the model's own probabilities: without a mixer there are no others. */
  readonly modelCodeLengthBits: number[];
}

export interface MeasuredTile extends TileLikelihood {
  /**
   * Where asked for, what each pixel has of codeLengthBits, all its channels together, f32[height][width]; 0 where it is known.
   */
  readonly pixelBits?: Float32Array;
}

export interface EncodedTile extends TileLikelihood {
  /** The coded samples; null where they would not fit the engine's memory, which is more than the samples of a tile take. */
  readonly payload: Uint8Array | null;
  /** Where the arithmetic coder's stream starts in the payload: after the gain byte, which samples of more than 8 bits have. */
  readonly streamStart: number;
}

/** Called between rows with the number of rows done. */
export type RowsDone = (rows: number) => void;

/** How a tile is to be coded and watched. */
export interface TileOptions extends SideInformation {
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

export interface DecodeOptions extends TileOptions {
  /** Holds the values of the known pixels, [height][width][channels]; whatever else is in it does not count. */
  readonly samples?: Samples | undefined;
  /**
   * For sampling, which is decoding random bytes: distributions become narrower below 1 and wider above it, where they are
   * the model's own and files are decoded. 0.05 to 10.
   */
  readonly temperature?: number | undefined;
}

export interface MeasureOptions extends TileOptions {
  /** Flags of effort.ts in place of the effort's: to see what a part is worth alone. No file can be coded so. */
  readonly flags?: number | undefined;
  /** Whether the bits of each pixel are wanted as well; default false. */
  readonly wantsPixelBits?: boolean | undefined;
}

/** A tile as the engine codes it: with its own bits a sample where values are ranks, and magnified by 2^gain for the model. */
interface CodedShape {
  readonly width: number;
  readonly channels: number;
  readonly depth: number;
  readonly gain: number;
  readonly used: AlphabetMap | null;
  readonly known: Uint8Array | undefined;
  readonly small: Small | null;
}

const ENCODE = 0;
const DECODE = 1;
const MEASURE = 2;
/** Pixels between two calls of `RowsDone`: a tenth of a second or less. */
const PIXELS_PER_TURN = 2048;
const LOWEST_TEMPERATURE = 0.05;
const HIGHEST_TEMPERATURE = 10;

/**
 * One instance of the engine: it codes one tile at a time and may be used again for any number of tiles, sizes and models.
 * Its memory is laid out when a model is loaded and does not grow from tile to tile.
 */
export class Engine {
  private loaded: Model | null = null;

  private constructor(private readonly wasm: EngineExports) {}

  static async create(module: WebAssembly.Module): Promise<Engine> {
    const instance = await WebAssembly.instantiate(module, {});
    const wasm = instance.exports as unknown as EngineExports;
    checkTileLimits(wasm);
    return new Engine(wasm);
  }

  /** Bytes of the instance's memory. */
  get memoryBytes(): number {
    return this.wasm.memory.buffer.byteLength;
  }

  /**
   * Codes a tile. A `photo` takes any depth; the paper's networks throw a RangeError for another depth than that of their
   * output and for `values`. One that knows a smaller image takes `small`, whose pixels it does not code; a tile that
   * disagrees with it is refused with a RangeError. Of a Multi-Scale model the scales are coded one by one
   * (`scaleModels`).
   */
  encode(model: Model, tile: TileSamples, options: EncodeOptions = {}): EncodedTile {
    const { head, ...likelihood } = this.code(model, tile, ENCODE, options);
    const length = this.wasm.finish();
    const streamStart = head.length;
    if (length < 0) return { payload: null, streamStart, ...likelihood };
    const payload = new Uint8Array(streamStart + length);
    payload.set(head);
    payload.set(this.bytes(this.wasm.streamAt(), length), streamStart);
    return { payload, streamStart, ...likelihood };
  }

  measure(model: Model, tile: TileSamples, options: MeasureOptions = {}): MeasuredTile {
    const pixelBits = options.wantsPixelBits ? new Float32Array(tile.width * tile.height) : undefined;
    const { codeLengthBits, modelCodeLengthBits } = this.code(model, tile, MEASURE, options, pixelBits);
    return { codeLengthBits, modelCodeLengthBits, ...(pixelBits && { pixelBits }) };
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

  /**
   * Samples out of a payload, told what the encoder was told: effort, `values`, `known` and `small`. Any bytes decode to something: what
   * is right only the container's hashes tell.
   */
  decode(model: Model, payload: Uint8Array, shape: TileShape, options: DecodeOptions = {}): Samples {
    const { width, height } = shape;
    const { effort = DEFAULT_EFFORT, onRows, values, temperature = 1 } = options;
    const { channels } = model.spec;
    this.checkTile(model, shape, options);
    if (!(temperature >= LOWEST_TEMPERATURE && temperature <= HIGHEST_TEMPERATURE)) {
      throw new RangeError(`a temperature is from ${LOWEST_TEMPERATURE} to ${HIGHEST_TEMPERATURE}, not ${temperature}`);
    }
    const small = smallOf(model.spec, shape, options);
    const known = small ? knownWith(small, shape, options.known) : options.known;
    const length = width * height * channels;
    const used = values ? AlphabetMap.of(values, channels, shape.depth) : null;
    const depth = used?.depth ?? shape.depth;
    // Not by the depth that is coded: sparse values can be noise that no model makes smaller, and still smaller than raw samples.
    if (payload.length > MAX_TILE_PIXELS * channels * (shape.depth > 8 ? 2 : 1)) {
      throw new RangeError('the payload is too long');
    }
    this.load(model);
    const ready = known ? knownSamples(options, small, length, shape, channels) : null;
    if (ready) this.writeSamples(ready, depth, used, () => false);
    const hasGain = depth > 8;
    const gain = hasGain ? Math.min(MAX_GAIN_BITS, payload[0] ?? 0) : 0;
    const stream = hasGain ? payload.subarray(1) : payload;
    this.bytes(this.wasm.streamAt(), stream.length).set(stream);
    this.start(DECODE, { width, channels, depth, gain, used, known, small }, stream.length, engineFlags(effort));
    this.wasm.setTemperature(temperature);
    this.codeRows(height, rowsPerTurn(width), onRows);
    const decoded = this.samples(length, depth);
    if (!used && !known) return decoded.slice();
    const samples = allocateSamples(length, shape.depth);
    if (used) used.toValues(decoded, samples);
    else samples.set(decoded);
    if (known && ready) copyKnown(ready, known, channels, samples);
    return samples;
  }

  private code(
    model: Model,
    tile: TileSamples,
    mode: number,
    options: EncodeOptions & MeasureOptions,
    pixelBits?: Float32Array,
  ): TileLikelihood & { readonly head: Uint8Array } {
    const { width, height, channels, samples } = tile;
    const { effort = DEFAULT_EFFORT, flags = engineFlags(effort), onRows, onSymbol, values } = options;
    if (channels !== model.spec.channels) throw new RangeError('the tile has not the channels of the model');
    this.checkTile(model, tile, options);
    checkSamples(samples, width * height * channels, tile.depth);
    const small = smallOf(model.spec, tile, options);
    if (small) checkSmall(small, samples, width, channels);
    const known = small ? knownWith(small, tile, options.known) : options.known;
    const used = values ? AlphabetMap.of(values, channels, tile.depth) : null;
    const depth = used?.depth ?? tile.depth;
    this.load(model);
    const coded = this.writeSamples(samples, depth, used, (i) => !known?.[Math.floor(i / channels)]);
    const gain = gainBits(coded, width, channels, depth, known);
    const noting = (onSymbol ? FLAG_INTERVALS : 0) | (pixelBits ? FLAG_PIXEL_BITS : 0);
    this.start(mode, { width, channels, depth, gain, used, known, small }, 0, flags | noting);
    let noted = 0;
    // The engine keeps the intervals of one row, and the bits of the pixels of one turn.
    this.codeRows(height, onSymbol ? 1 : rowsPerTurn(width), (rows) => {
      if (onSymbol) this.reportSymbols(onSymbol);
      pixelBits?.set(this.floats(this.wasm.intervalsAt(), (rows - noted) * width), noted * width);
      noted = rows;
      onRows?.(rows);
    });
    const byChannel = (length: (c: number) => number): number[] =>
      Array.from({ length: channels }, (_, c) => length(c));
    return {
      head: depth > 8 ? Uint8Array.of(gain) : new Uint8Array(0),
      codeLengthBits: byChannel((c) => this.wasm.codeLengthOf(c)),
      modelCodeLengthBits: byChannel((c) => this.wasm.modelCodeLengthOf(c)),
    };
  }

  private checkTile(model: Model, { width, height, depth }: TileShape, { values, known }: SideInformation): void {
    if (!isTileSize({ width, height })) {
      throw new RangeError(`a tile of ${width} x ${height} does not fit the engine`);
    }
    const architecture = architectureOf(model.spec.architecture);
    const { usesSideInformation } = architecture;
    const depths = architecture.depths(model.spec);
    if (!depths.includes(depth) || (values && !usesSideInformation)) {
      const what = `the model codes samples of ${depths.join(', ')} bits${usesSideInformation ? '' : ' and all their values'}`;
      throw new RangeError(`${what}. Use a photo model.`);
    }
    if (known && known.length !== width * height) throw new RangeError('`known` has not an entry for every pixel');
  }

  /** Puts samples where the engine looks for them, as their ranks where only some values are used; returns that view of them. */
  private writeSamples(
    samples: Samples,
    depth: number,
    used: AlphabetMap | null,
    isCoded: (index: number) => boolean,
  ): Samples {
    const memory = this.samples(samples.length, depth);
    if (used) used.toIndices(samples, memory, isCoded);
    else memory.set(samples);
    return memory;
  }

  private start(
    mode: number,
    { width, channels, depth, gain, used, known, small }: CodedShape,
    length: number,
    flags: number,
  ): void {
    if (known) this.writeKnown(known);
    if (small) {
      this.bytes(this.wasm.smallAt(), small.samples.length).set(small.samples);
      this.wasm.setSmallHeight(small.height);
    }
    this.wasm.setTemperature(1);
    this.wasm.start(mode, width, channels, depth, gain, length, flags | (known ? FLAG_KNOWN : 0));
    used?.counts.forEach((count, c) => this.wasm.limitValues(c, count));
  }

  private writeKnown(known: Uint8Array): void {
    const bits = this.bytes(this.wasm.knownAt(), (known.length + 7) >> 3).fill(0);
    known.forEach((isKnown, i) => {
      if (isKnown) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
    });
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

  /** Samples as the engine holds them: two bytes each where they have more than 8 bits. */
  private samples(length: number, depth: number): Samples {
    const { memory } = this.wasm;
    const address = this.wasm.samplesAt();
    return depth > 8 ? new Uint16Array(memory.buffer, address, length) : new Uint8Array(memory.buffer, address, length);
  }

  private bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer, address, length);
  }
}

function rowsPerTurn(width: number): number {
  return Math.max(1, Math.floor(PIXELS_PER_TURN / width));
}
