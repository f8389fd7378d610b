import { compileEngine } from './engine.js';
import { checkTileLimits, isTileSize, type TileLimits } from './tile-limits.js';

/** What `assembly/models/photo/records.ts` exports, and the memory it works in. */
interface RecordExports extends TileLimits {
  readonly memory: WebAssembly.Memory;
  samplesAt(): number;
  recordsAt(): number;
  configureRecords(channels: number): number;
  startRecords(width: number): void;
  recordRow(y: number): void;
}

/**
 * The inputs of the `photo` network as the engine computes them, for training: so what a network learns from is what it codes
 * with.
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
   * One record for each pixel of an image that is coded as one tile, f32[height][width][record]; the layout is that of
   * `recordLayout` in `src/model/photo.ts`.
   * @param samples [height][width][channels], 8 bit, at most 1,024 wide and 2^20 pixels
   */
  records(samples: Uint8Array, width: number, height: number, channels: 1 | 3): Float32Array {
    const { memory } = this.wasm;
    if (samples.length !== width * height * channels) throw new RangeError('the samples are not those of the size');
    if (!isTileSize({ width, height })) {
      throw new RangeError(`an image of ${width} x ${height} does not fit the engine`);
    }
    const floats = this.wasm.configureRecords(channels);
    if (floats < 0) throw new Error('the engine got no memory for the records');
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
