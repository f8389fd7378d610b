import { readFileSync } from 'node:fs';
import { assetUrl } from '../../node/assets.js';

/** Exports of `assembly/training/index.ts`. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  configure(batch: number, height: number, width: number, hidden: number, direction: number): number;
  weightsAt(): number;
  mapsAt(): number;
  cellsAt(): number;
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

/** Result of a forward pass: pixels in raster order, image by image. */
export interface Scanned {
  /** [pixels][h] */
  readonly states: Float32Array;
  /** [pixels][h] */
  readonly cells: Float32Array;
  /** Output, forget and input gates and content, [pixels][4h]. */
  readonly gates: Float32Array;
}

let loaded: KernelExports | null = null;

/** Forward pass: input-to-state maps, [pixels][4h] ordered by gate, and state-to-state kernel, [taps * h][4h], to states. */
export function scanForward(shape: ScanShape, maps: Float32Array, weight: Float32Array): Scanned {
  const kernel = configured(shape);
  write(kernel, kernel.weightsAt(), weight);
  write(kernel, kernel.mapsAt(), maps);
  kernel.forward();
  const values = maps.length / 4;
  return {
    states: read(kernel, kernel.statesAt(), values),
    cells: read(kernel, kernel.cellsAt(), values),
    gates: read(kernel, kernel.mapsAt(), maps.length),
  };
}

/** Backward pass: from the loss's derivatives by the states, `errors`, [pixels][h], to those by the maps, [pixels][4h]. */
export function scanBackward(
  shape: ScanShape,
  { gates, cells }: Scanned,
  weight: Float32Array,
  errors: Float32Array,
): Float32Array {
  const kernel = configured(shape);
  write(kernel, kernel.weightsAt(), weight);
  write(kernel, kernel.mapsAt(), gates);
  write(kernel, kernel.cellsAt(), cells);
  write(kernel, kernel.statesAt(), errors);
  kernel.backward();
  return read(kernel, kernel.mapsAt(), gates.length);
}

function configured({ direction, batch, height, width, hidden }: ScanShape): KernelExports {
  if (!loaded) {
    const module = new WebAssembly.Module(readFileSync(assetUrl('training.wasm')));
    loaded = new WebAssembly.Instance(module).exports as unknown as KernelExports;
  }
  if (!loaded.configure(batch, height, width, hidden, DIRECTIONS.indexOf(direction))) {
    throw new Error('the maps of an LSTM layer do not fit in the memory of WebAssembly. Use a smaller batch or crop');
  }
  return loaded;
}

function write({ memory }: KernelExports, address: number, values: Float32Array): void {
  new Float32Array(memory.buffer, address, values.length).set(values);
}

function read({ memory }: KernelExports, address: number, length: number): Float32Array {
  return new Float32Array(memory.buffer, address, length).slice();
}
