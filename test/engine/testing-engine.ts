/** Host of build/testing.wasm: the engine's parts over arrays (assembly/testing.ts documents the exports). */
import { readFileSync } from 'node:fs';

export const TOTAL = 2 ** 22;

interface TestingExports {
  memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  encodeSymbols(tables: number, picks: number, symbols: number, n: number, output: number, capacity: number): number;
  decodeSymbols(tables: number, picks: number, symbols: number, n: number, input: number, length: number): void;
  encodeDecisions(splits: number, decisions: number, n: number, output: number, capacity: number): number;
  decodeDecisions(splits: number, decisions: number, n: number, input: number, length: number): void;
  bytesWritten(): number;
  exponentials(input: number, output: number, n: number): void;
  sigmoids(input: number, output: number, n: number): void;
  tanhs(input: number, output: number, n: number): void;
  exponentials64(input: number, output: number, n: number): void;
  mixtureCdf(params: number, components: number, centre: number, depth: number, unit: number, output: number): number;
  bernoulliCdf(logit: number, output: number): number;
  categoricalCdf(logits: number, centre: number, output: number): number;
  softmaxRows(logits: number, probabilities: number, sums: number, rows: number): void;
  frequencyRows(probabilities: number, sums: number, counts: number, rows: number): void;
  cumulative(counts: number, k: number): number;
  findSymbol(counts: number, target: number): number;
  foundLow(): number;
  codeLength(probabilities: number, sum: number, k: number): number;
  dense(x: number, depth: number, w: number, width: number, from: number, y: number): void;
  relu(from: number, to: number, count: number): void;
  addTo(to: number, from: number, count: number): void;
  visibleInputs(g: number, shared: number, own: number, mask: number): number;
  packedFloats(g: number, shared: number, own: number, outputs: number, mask: number): number;
  packLayer(
    from: number,
    groups: number,
    shared: number,
    own: number,
    outputs: number,
    mask: number,
    to: number,
  ): number;
  packPadded(
    from: number,
    groups: number,
    shared: number,
    own: number,
    outputs: number,
    room: number,
    mask: number,
    to: number,
  ): number;
  stepCells(sums: number, count: number, before: number, cells: number, state: number): void;
  applyGroup(
    layer: number,
    g: number,
    shared: number,
    own: number,
    outputs: number,
    mask: number,
    x: number,
    y: number,
  ): void;
  specAt(): number;
  weightsAt(): number;
  samplesAt(): number;
  smallAt(): number;
  setSmallHeight(rows: number): void;
  setTemperature(temperature: number): void;
  configure(architecture: number): number;
  prepare(hasMixerState: number): void;
  startTile(width: number, learn: number): void;
  startPixel(x: number, y: number): void;
  predictModel(c: number): number;
  codeLengthsAt(): number;
  observe(c: number, value: number): void;
}

const module = new WebAssembly.Module(readFileSync(new URL('../../testing.wasm', import.meta.url)));

/** Creates an instance with fresh memory. */
export class TestingEngine {
  readonly exports = new WebAssembly.Instance(module).exports as unknown as TestingExports;

  /** Returns the address of `bytes` zeroed bytes. */
  allocate(bytes: number): number {
    return this.exports.allocate(Math.max(bytes, 1));
  }

  /** Returns the address of a copy of `data`. */
  put(data: Uint8Array | Int16Array | Float32Array | Float64Array | Uint32Array): number {
    const address = this.allocate(data.byteLength);
    this.bytes(address, data.byteLength).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return address;
  }

  /** Returns a view of memory; it becomes stale with the next allocation. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, address, length);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.exports.memory.buffer, address, length);
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.exports.memory.buffer, address, length);
  }

  shorts(address: number, length: number): Int16Array {
    return new Int16Array(this.exports.memory.buffer, address, length);
  }

  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.exports.memory.buffer, address, length);
  }
}

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Returns `count` numbers in [-1, 1). */
export function noise(count: number, seed: number): Float32Array {
  const random = randomFrom(seed);
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}
