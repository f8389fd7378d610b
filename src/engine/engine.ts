import { PixrnnError } from '../errors.js';
import { architectureOf } from '../model/architectures.js';
import type { Model } from '../model/model.js';
import type { Samples } from '../samples.js';
import { DEFAULT_EFFORT } from '../effort.js';
import { FLAG_INTERVALS, FLAG_KNOWN, FLAG_KNOWN_FIRST, FLAG_PIXEL_BITS, engineFlags } from './flags.js';
import type { EngineExports } from './engine-module.js';
import { MAX_GAIN_BITS, gainBits } from './gain.js';
import { type Small, checkSmall, copyKnown, knownSamples, knownWith, smallOf } from './known.js';
import type {
  TileLikelihood,
  MeasuredTile,
  EncodedTile,
  RowsDone,
  EncodeOptions,
  DecodeOptions,
  MeasureOptions,
} from './tile-coding.js';
import { type SideInformation, type TileSamples, type TileShape, checkSamples } from './tile.js';
import { AlphabetMap } from './alphabet-map.js';
import { PayloadReader, PayloadWriter } from './shared-payload.js';
import { MAX_TEMPERATURE, MIN_TEMPERATURE } from './temperature.js';
import { checkTileLimits, isTileSize, MAX_TILE_PIXELS } from './tile-limits.js';

export { compileEngine } from './engine-module.js';
export type * from './tile-coding.js';
export type { SideInformation, TileSamples, TileShape } from './tile.js';

/**
 * A tile as the engine codes it: with the depth of its alphabet indices, if it has an alphabet, and scaled by 2^gain
 * for the model.
 */
interface CodedShape {
  readonly width: number;
  readonly channels: number;
  readonly depth: number;
  readonly gain: number;
  readonly alphabet: AlphabetMap | null;
  readonly known: Uint8Array | undefined;
  readonly knowsFirst: boolean;
  readonly small: Small | null;
}

const ENCODE = 0;
const DECODE = 1;
const MEASURE = 2;
/** Pixels between two calls of `RowsDone`: at most about 0.1 s. */
const PIXELS_PER_BATCH = 2048;

/**
 * An instance of the engine. It codes one tile at a time and can be reused for tiles and models of any size. Its memory
 * is laid out when a model is loaded and does not grow from tile to tile.
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

  /** Size of the instance's memory in bytes. */
  get memoryBytes(): number {
    return this.wasm.memory.buffer.byteLength;
  }

  /**
   * Codes a tile. A `photo` model supports any depth; the paper's networks throw a RangeError for `values` and for
   * depths other than that of their output. A network with a condition needs `small`, whose pixels are not coded; a
   * tile that disagrees with it is rejected with a RangeError. The scales of a Multi-Scale model are coded separately
   * (`scaleModels`).
   */
  encode(model: Model, tile: TileSamples, options: EncodeOptions = {}): EncodedTile {
    const writer = options.shared ? new PayloadWriter(options.shared) : null;
    const { head, ...likelihood } = this.code(model, tile, ENCODE, options, undefined, writer);
    const length = this.wasm.finish();
    const streamStart = head.length;
    if (length < 0) {
      writer?.abandon();
      return { payload: null, streamStart, ...likelihood };
    }
    if (writer) {
      this.publish(writer, streamStart, length);
      writer.complete();
    }
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
   * Codes the tiles one after the other at the highest effort, keeping the mixer's state between tiles, and yields a copy
   * of it after each tile: a start state for the model. The engine must not be used for anything else meanwhile.
   */
  *trainMixer(
    model: Model,
    tiles: Iterable<TileSamples>,
  ): Generator<{ readonly likelihood: TileLikelihood; readonly state: Float32Array }, void> {
    this.loaded = null;
    this.load(model);
    try {
      for (const tile of tiles) {
        const likelihood = this.measure(model, tile);
        this.wasm.keepMixerState();
        const length = this.wasm.mixerStateLength();
        yield {
          likelihood,
          state: new Float32Array(this.wasm.memory.buffer, this.wasm.mixerStateAt(), length).slice(),
        };
      }
    } finally {
      this.loaded = null; // the next tile must start from the model's own state
    }
  }

  /**
   * Decodes a payload, given the encoder's effort and side information (`values`, `known`, `knowsFirst`, `small`). Any bytes decode
   * to some samples: only the hashes of the container detect corruption.
   * @param payload or shared memory that an encoder is filling with it (shared-payload.ts)
   * @throws Error if that encoder fails
   */
  decode(
    model: Model,
    payload: Uint8Array | SharedArrayBuffer,
    shape: TileShape,
    options: DecodeOptions = {},
  ): Samples {
    const { width, height } = shape;
    const { effort = DEFAULT_EFFORT, onRows, onSamples, values, knowsFirst = false, temperature = 1 } = options;
    const { channels } = model.spec;
    this.checkTile(model, shape, options);
    if (!(temperature >= MIN_TEMPERATURE && temperature <= MAX_TEMPERATURE)) {
      throw new RangeError(`the temperature must be from ${MIN_TEMPERATURE} to ${MAX_TEMPERATURE}, not ${temperature}`);
    }
    const small = smallOf(model.spec, shape, options);
    const known = small ? knownWith(small, shape, options.known) : options.known;
    const length = width * height * channels;
    const alphabet = values ? AlphabetMap.of(values, channels, shape.depth) : null;
    const depth = alphabet?.depth ?? shape.depth;
    const step = onSamples ? 1 : rowsPerBatch(width);
    const reader = payload instanceof Uint8Array ? null : new PayloadReader(payload);
    const first = reader ? reader.waitFor(Math.min(step, height)) : (payload as Uint8Array);
    // The coded depth is no bound: a sparse alphabet can be incompressible noise and still be smaller than raw samples.
    if (first.length > MAX_TILE_PIXELS * channels * (shape.depth > 8 ? 2 : 1)) {
      throw new RangeError('the payload is too long');
    }
    this.load(model);
    const ready = known || knowsFirst ? knownSamples(options, small, length, shape, channels) : null;
    if (ready) this.writeSamples(ready, depth, alphabet, () => false);
    const hasGain = depth > 8;
    const gain = hasGain ? Math.min(MAX_GAIN_BITS, first[0] ?? 0) : 0;
    const streamStart = hasGain ? 1 : 0;
    let written = 0;
    const writeStream = (bytes: Uint8Array): void => {
      const added = bytes.subarray(streamStart + written);
      this.bytes(this.wasm.streamAt() + written, added.length).set(added);
      written += added.length;
    };
    writeStream(first);
    this.start(
      DECODE,
      { width, channels, depth, gain, alphabet, known, knowsFirst, small },
      written,
      engineFlags(effort),
    );
    this.wasm.setTemperature(temperature);
    let reported = 0;
    const onBatch = (rows: number): void => {
      if (onSamples) {
        const rowSamples = width * channels;
        const added = this.samples(length, depth).slice(reported * rowSamples, rows * rowSamples);
        onSamples(reported, alphabet ? alphabet.valuesOf(added, shape.depth) : added);
      }
      reported = rows;
      onRows?.(rows);
    };
    const extend = (rows: number): void => {
      if (!reader) return;
      writeStream(reader.waitFor(rows));
      this.wasm.extendStream(written);
    };
    this.codeRows(height, step, onBatch, extend);
    const decoded = this.samples(length, depth);
    const samples = alphabet ? alphabet.valuesOf(decoded, shape.depth) : decoded.slice();
    if (known && ready) copyKnown(ready, known, channels, samples);
    return samples;
  }

  private code(
    model: Model,
    tile: TileSamples,
    mode: number,
    options: EncodeOptions & MeasureOptions,
    pixelBits?: Float32Array,
    writer: PayloadWriter | null = null,
  ): TileLikelihood & { readonly head: Uint8Array } {
    const { width, height, channels, samples } = tile;
    const {
      effort = DEFAULT_EFFORT,
      flags = engineFlags(effort),
      onRows,
      onSymbol,
      values,
      knowsFirst = false,
    } = options;
    if (channels !== model.spec.channels)
      throw new RangeError('the tile and the model have different numbers of channels');
    this.checkTile(model, tile, options);
    checkSamples(samples, width * height * channels, tile.depth);
    const small = smallOf(model.spec, tile, options);
    if (small) checkSmall(small, samples, width, channels);
    const known = small ? knownWith(small, tile, options.known) : options.known;
    const alphabet = values ? AlphabetMap.of(values, channels, tile.depth) : null;
    const depth = alphabet?.depth ?? tile.depth;
    this.load(model);
    const coded = this.writeSamples(samples, depth, alphabet, (i) => !known?.[Math.floor(i / channels)]);
    const gain = gainBits(coded, width, channels, depth, known);
    const reporting = (onSymbol ? FLAG_INTERVALS : 0) | (pixelBits ? FLAG_PIXEL_BITS : 0);
    this.start(mode, { width, channels, depth, gain, alphabet, known, knowsFirst, small }, 0, flags | reporting);
    const head = depth > 8 ? Uint8Array.of(gain) : new Uint8Array(0);
    writer?.append(head);
    let reported = 0;
    // The engine keeps the intervals of one row, and the pixel bits of one batch.
    this.codeRows(height, onSymbol ? 1 : rowsPerBatch(width), (rows) => {
      if (onSymbol) this.reportSymbols(onSymbol);
      pixelBits?.set(this.floats(this.wasm.intervalsAt(), (rows - reported) * width), reported * width);
      reported = rows;
      if (writer) {
        this.publish(writer, head.length, this.wasm.encodedBytes());
        writer.announce(rows, head.length + this.wasm.bytesToDecode());
      }
      onRows?.(rows);
    });
    const byChannel = (length: (c: number) => number): number[] =>
      Array.from({ length: channels }, (_, c) => length(c));
    return {
      head,
      codeLengthBits: byChannel((c) => this.wasm.codeLengthOf(c)),
      modelCodeLengthBits: byChannel((c) => this.wasm.modelCodeLengthOf(c)),
    };
  }

  private checkTile(
    model: Model,
    { width, height, depth }: TileShape,
    { values, known, knowsFirst }: SideInformation,
  ): void {
    if (!isTileSize({ width, height })) {
      throw new RangeError(`a tile of ${width} x ${height} does not fit the engine`);
    }
    const architecture = architectureOf(model.spec.architecture);
    const { usesSideInformation } = architecture;
    const depths = architecture.depths(model.spec);
    if (!depths.includes(depth) || (values && !usesSideInformation)) {
      const what = `the model codes samples of ${depths.join(', ')} bits${usesSideInformation ? '' : ' without an active alphabet'}`;
      throw new RangeError(`${what}. Use a photo model.`);
    }
    if (values && knowsFirst) throw new RangeError('`knowsFirst` cannot be combined with an active alphabet');
    if (known && known.length !== width * height) throw new RangeError('`known` must have one entry per pixel');
  }

  /**
   * Copies samples into the engine's memory, as alphabet indices if there is an active alphabet, and returns that view.
   */
  private writeSamples(
    samples: Samples,
    depth: number,
    alphabet: AlphabetMap | null,
    isCoded: (index: number) => boolean,
  ): Samples {
    const memory = this.samples(samples.length, depth);
    if (alphabet) alphabet.toIndices(samples, memory, isCoded);
    else memory.set(samples);
    return memory;
  }

  private start(
    mode: number,
    { width, channels, depth, gain, alphabet, known, knowsFirst, small }: CodedShape,
    length: number,
    flags: number,
  ): void {
    if (known) this.writeKnown(known);
    if (small) {
      this.bytes(this.wasm.smallAt(), small.samples.length).set(small.samples);
      this.wasm.setSmallHeight(small.height);
    }
    this.wasm.setTemperature(1);
    const skipping = (known ? FLAG_KNOWN : 0) | (knowsFirst ? FLAG_KNOWN_FIRST : 0);
    this.wasm.start(mode, width, channels, depth, gain, length, flags | skipping);
    alphabet?.counts.forEach((count, c) => this.wasm.limitValues(c, count));
  }

  private writeKnown(known: Uint8Array): void {
    const bits = this.bytes(this.wasm.knownAt(), (known.length + 7) >> 3).fill(0);
    known.forEach((isKnown, i) => {
      if (isKnown) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
    });
  }

  /** Writes what is new of a stream of `length` bytes, which follows a head. */
  private publish(writer: PayloadWriter, head: number, length: number): void {
    const written = writer.length - head;
    writer.append(this.bytes(this.wasm.streamAt() + written, length - written));
  }

  /** Codes all rows of the started tile, `step` at a time. Calls the callbacks with the rows at the end of each step. */
  private codeRows(height: number, step: number, onBatch: RowsDone | undefined, beforeBatch?: RowsDone): void {
    for (let y = 0; y < height; y += step) {
      const end = Math.min(height, y + step);
      beforeBatch?.(end);
      this.wasm.codeRows(y, end);
      onBatch?.(end);
    }
  }

  /** Reports the intervals of the row that was coded last. */
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
      throw new PixrnnError(
        'limit',
        'the engine ran out of memory for the model. Use fewer threads or a smaller model.',
      );
    }
    const weights = this.floats(this.wasm.weightsAt(), Math.max(0, expected));
    let at = 0;
    for (const values of model.tensors.values()) {
      weights.set(values, at);
      at += values.length;
    }
    if (at !== expected) throw new Error(`the engine expects ${expected} weights, but the model has ${at}`);
    this.loadMixerState(model.mixer);
    this.wasm.prepare(model.mixer ? 1 : 0);
    this.loaded = model;
  }

  private loadMixerState(state: Float32Array | null): void {
    if (!state) return;
    const length = this.wasm.mixerStateLength();
    if (state.length !== length) {
      throw new Error(`the engine's mixer expects ${length} values, but the model has ${state.length}`);
    }
    this.floats(this.wasm.mixerStateAt(), length).set(state);
  }

  private floats(address: number, length: number): Float32Array {
    return new Float32Array(this.wasm.memory.buffer, address, length);
  }

  /** Returns the samples in the engine's memory: two bytes each if they have more than 8 bits. */
  private samples(length: number, depth: number): Samples {
    const { memory } = this.wasm;
    const address = this.wasm.samplesAt();
    return depth > 8 ? new Uint16Array(memory.buffer, address, length) : new Uint8Array(memory.buffer, address, length);
  }

  private bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer, address, length);
  }
}

function rowsPerBatch(width: number): number {
  return Math.max(1, Math.floor(PIXELS_PER_BATCH / width));
}
