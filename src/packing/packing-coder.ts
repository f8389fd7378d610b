import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';

/** The exports of `assembly/packing/index.ts`. */
interface PackingExports {
  readonly memory: WebAssembly.Memory;
  prepare(rawBytes: number, streamBytes: number, payloadBytes: number): number;
  rawAt(): number;
  streamAt(): number;
  payloadAt(): number;
  scan(length: number): number;
  scanUnknown(): void;
  scanAll(): void;
  findSurprises(end: number): number;
  forgetSurprises(): void;
  minLength(): number;
  maxDistance(): number;
  rawBytes(): number;
  maxSteps(): number;
  maxSteps3(): number;
  hashOf(): number;
  niceLength(): number;
  wholeLength(): number;
  headPositions(): number;
  tailPositions(): number;
  rules(): number;
  runBytes(): number;
  tokenCount(): number;
  matchCount(): number;
  agreeingMatches(): number;
  maxTokens(): number;
  blockCount(): number;
  blockTypes(): number;
  flushCount(): number;
  flushesAt(): number;
  properties(): number;
  setProperties(bits: number): void;
  setVision(minLength: number, distance: number, steps: number, steps3: number, nice: number, hash: number): void;
  setInsertion(whole: number, head: number, tail: number): void;
  setRules(bits: number): void;
  setRuns(pixelBytes: number, rowBytes: number): void;
  encode(length: number, room: number, most: number): number;
  decode(length: number, room: number): number;
  tokensOf(length: number, most: number): number;
  tokensAt(): number;
  prepareFilters(rowBytes: number, payloadBytes: number): number;
  openFilters(decode: number, length: number): void;
  filterOfRow(filter: number, bytes: number, pixelBytes: number, first: number): number;
  closeFilters(): number;
}

/** Places in the memory of a coder. */
type Place = 'raw' | 'stream' | 'payload';

let compiled: Promise<WebAssembly.Module> | null = null;

async function compile(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await host().readAsset('packing.wasm'));
}

/** An instance of packing.wasm (docs/format/deflate.md). It describes one stream; its memory is freed with it. */
export class PackingCoder {
  private constructor(readonly wasm: PackingExports) {}

  static async create(): Promise<PackingCoder> {
    compiled ??= compile();
    const instance = await WebAssembly.instantiate(await compiled, {});
    return new PackingCoder(instance.exports as unknown as PackingExports);
  }

  /**
   * Lays out memory for a stream and what it decompresses to.
   * @throws PixrnnError 'limit' if it cannot be allocated
   */
  prepare(raw: Uint8Array, streamBytes: number, payloadBytes: number): void {
    if (this.wasm.prepare(raw.length, streamBytes, payloadBytes) === 0) throw outOfMemory();
    this.write('raw', raw);
  }

  /** The same for the filters of rows. */
  prepareFilters(rowBytes: number, payloadBytes: number): void {
    if (this.wasm.prepareFilters(rowBytes, payloadBytes) === 0) throw outOfMemory();
  }

  write(place: Place, bytes: Uint8Array): void {
    new Uint8Array(this.wasm.memory.buffer).set(bytes, this.addressOf(place));
  }

  /** Returns a copy. */
  read(place: Place, length: number): Uint8Array {
    return this.view(place, length).slice();
  }

  /** Returns a view that is valid until memory grows. */
  view(place: Place, length: number): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer, this.addressOf(place), length);
  }

  private addressOf(place: Place): number {
    if (place === 'raw') return this.wasm.rawAt();
    return place === 'stream' ? this.wasm.streamAt() : this.wasm.payloadAt();
  }
}

function outOfMemory(): PixrnnError {
  return new PixrnnError('limit', 'there is not enough memory to rebuild a stream. Use fewer threads.');
}
