import { type PhotoInputs, predictorMask } from '../model/photo.js';
import { compileEngine } from './engine.js';
import { checkTileLimits, isTileSize, type TileLimits } from './tile-limits.js';

/** The exports of `assembly/models/photo/records.ts`, and their memory. */
interface RecordExports extends TileLimits {
  readonly memory: WebAssembly.Memory;
  samplesAt(): number;
  recordsAt(): number;
  configureRecords(channels: number, predictors: number): number;
  startRecords(width: number): void;
  recordRow(y: number): void;
}

/**
 * Computes the inputs of the `photo` network for training, with the engine's code, so that training sees the same
 * inputs as coding.
 */
export class PhotoFeatures {
  private constructor(private readonly wasm: RecordExports) {}

  static async create(): Promise<PhotoFeatures> {
    const instance = await WebAssembly.instantiate(await compileEngine(), {});
    const wasm = instance.exports as unknown as RecordExports;
    checkTileLimits(wasm);
    return new PhotoFeatures(wasm);
  }

  /**
   * Returns one record for each pixel of an image coded as one tile, f32[height][width][record]; for the layout see
   * `recordLayout` in `src/model/photo.ts`.
   * @param samples 8-bit [height][width][channels], at most 1,024 pixels wide and 2^20 pixels
   */
  records(samples: Uint8Array, width: number, height: number, spec: PhotoInputs): Float32Array {
    const { channels } = spec;
    const { memory } = this.wasm;
    if (samples.length !== width * height * channels)
      throw new RangeError('the number of samples does not match the size of the image');
    if (!isTileSize({ width, height })) {
      throw new RangeError(`an image of ${width} x ${height} does not fit the engine`);
    }
    const floats = this.wasm.configureRecords(channels, predictorMask(spec));
    if (floats < 0) throw new Error('the engine ran out of memory for the records');
    new Uint8Array(memory.buffer, this.wasm.samplesAt(), samples.length).set(samples);
    this.wasm.startRecords(width);
    const row = new Float32Array(memory.buffer, this.wasm.recordsAt(), width * floats);
    const records = new Float32Array(width * height * floats);
    for (let y = 0; y < height; y++) {
      this.wasm.recordRow(y);
      records.set(row, y * width * floats);
    }
    return records;
  }
}
