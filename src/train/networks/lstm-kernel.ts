import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { GATES } from '../../model/pixelrnn/tensors.js';
import { assetUrl } from '../../node/assets.js';

/** Exports of `assembly/training/index.ts`. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  configure(batch: number, height: number, width: number, hidden: number, direction: number): number;
  weightsAt(): number;
  mapsAt(): number;
  statesAt(): number;
  forward(): void;
  backward(): void;
}

/** Scan order of an LSTM layer: row by row, or diagonal by diagonal from the top left or top right corner. */
export type ScanDirection = 'rows' | 'left' | 'right';
const DIRECTIONS: readonly ScanDirection[] = ['rows', 'left', 'right'];

/** Scan order and sizes of a layer. */
export interface ScanShape {
  readonly direction: ScanDirection;
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  /** h, a multiple of 4. */
  readonly hidden: number;
}

/** Relaxed SIMD fuses products and sums. Node.js 20 has it only with a flag. */
function compile(): WebAssembly.Module {
  const bytes = readFileSync(assetUrl('training.wasm'));
  if (!WebAssembly.validate(bytes)) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return new WebAssembly.Module(bytes);
}

let compiled: WebAssembly.Module | null = null;
/** Instances whose backward pass is done. Those that never have one are garbage collected. */
const unused: KernelExports[] = [];

function newInstance(): KernelExports {
  compiled ??= compile();
  return new WebAssembly.Instance(compiled).exports as unknown as KernelExports;
}

/** The forward pass of a layer and its backward pass, in one instance: its memory holds gates and cells between the two. */
export class Scan {
  readonly #kernel = unused.pop() ?? newInstance();
  /** Number of states. */
  readonly #values: number;

  constructor({ direction, batch, height, width, hidden }: ScanShape) {
    if (!this.#kernel.configure(batch, height, width, hidden, DIRECTIONS.indexOf(direction))) {
      throw new Error('the maps of an LSTM layer do not fit in the memory of WebAssembly. Use a smaller batch or crop');
    }
    this.#values = batch * height * width * hidden;
  }

  /**
   * From input-to-state maps, [pixels][4h] ordered by gate (o, f, i, g), and state-to-state kernel, [taps * h][4h], to
   * states, [pixels][h]; pixels in raster order, image by image.
   */
  forward(maps: Float32Array, weight: Float32Array): Float32Array {
    this.#at(this.#kernel.weightsAt(), weight.length).set(weight);
    this.#at(this.#kernel.mapsAt(), maps.length).set(maps);
    this.#kernel.forward();
    return this.#at(this.#kernel.statesAt(), this.#values).slice();
  }

  /**
   * From the loss's derivatives by the states, [pixels][h], to those by the maps, [pixels][4h]: a view that the next scan
   * overwrites. Ends this one.
   */
  backward(errors: Float32Array): Float32Array {
    this.#at(this.#kernel.statesAt(), this.#values).set(errors);
    this.#kernel.backward();
    unused.push(this.#kernel);
    return this.#at(this.#kernel.mapsAt(), GATES * this.#values);
  }

  #at(address: number, length: number): Float32Array {
    return new Float32Array(this.#kernel.memory.buffer, address, length);
  }
}
