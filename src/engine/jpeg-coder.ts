import { concatBytes, viewOf } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import type { JpegComponentShape, JpegImage, JpegShape } from '../jpeg/coefficients.js';
import type { JpegEffort } from '../effort.js';
import { allocateImage, bandsOf, blockBitsOfBand, imageOfBand } from './jpeg-bands.js';

/** The exports of `assembly/jpeg/index.ts`. */
interface JpegCoderExports {
  readonly memory: WebAssembly.Memory;
  quantisationAt(): number;
  describe(component: number, horizontal: number, vertical: number, wide: number, high: number): void;
  setMeasuring(on: number): void;
  prepare(components: number, effort: number, room: number): number;
  coefficientsAt(component: number): number;
  bitsAt(component: number): number;
  streamAt(): number;
  start(decode: number): void;
  codeSteps(from: number, to: number): number;
  finish(): number;
  keepStart(): void;
  startWeightsAt(): number;
  startWeightsLength(): number;
  startNetworksAt(): number;
  startNetworksLength(): number;
}

/** Start weights of an effort, in steps of 2^-12 (docs/format/jpeg.md). */
export interface JpegStart {
  readonly weights: Int16Array;
  readonly networks: Int16Array;
}

/** Called while coding with the number of rows of MCUs done, of all. */
export type McuRowsDone = (done: number, total: number) => void;

/** Maximum blocks of a component across and down: 65,535 samples, padded to MCUs of up to four blocks. */
export const MAX_BLOCKS = 8192;
const MAX_SAMPLING = 4;
const MAX_COMPONENTS = 4;
/** Blocks between two calls of `McuRowsDone`. */
const BLOCKS_PER_BATCH = 2048;
/** Bytes before each band but the last: its length, 32 bits, big endian. */
const LENGTH_BYTES = 4;

let compiled: Promise<WebAssembly.Module> | null = null;

async function compile(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await host().readAsset('jpeg.wasm'));
}

/**
 * An instance of the coder of JPEG coefficients (docs/format/jpeg.md). It codes one image at a time and can be reused
 * for any number of images; its memory grows to the needs of the largest band (jpeg-bands.ts).
 */
export class JpegCoder {
  private constructor(private readonly wasm: JpegCoderExports) {}

  /** Compiles the coder when it is first needed: most images are not coded as JPEG coefficients. */
  static async create(): Promise<JpegCoder> {
    compiled ??= compile();
    const instance = await WebAssembly.instantiate(await compiled, {});
    return new JpegCoder(instance.exports as unknown as JpegCoderExports);
  }

  /** Size of the instance's memory in bytes. */
  get memoryBytes(): number {
    return this.wasm.memory.buffer.byteLength;
  }

  /**
   * Returns the payload of an image, or null once it would exceed `limit` bytes.
   * @param effort 1 mixed contexts, 2 and 3 with least squares too; decoding needs the same effort
   * @param blockBits if given, set to the code length of each block (`allocateBlockBits`)
   * @throws RangeError for an image that no JPEG file contains
   */
  encode(
    image: JpegImage,
    effort: JpegEffort,
    limit = Infinity,
    onRows?: McuRowsDone,
    blockBits?: readonly Float32Array[],
  ): Uint8Array | null {
    checkImage(image);
    const bands = bandsOf(image);
    const total = bands.at(-1)?.to ?? 0;
    const parts: Uint8Array[] = [];
    let left = limit;
    for (const [i, band] of bands.entries()) {
      const isLast = i === bands.length - 1;
      const onBandRows = onRows && ((done: number): void => onRows(band.from + done, total));
      left -= isLast ? 0 : LENGTH_BYTES;
      const bits = blockBits && blockBitsOfBand(blockBits, image, band);
      const part = this.encodeBand(imageOfBand(image, band), effort, left, onBandRows, bits);
      if (part === null) return null;
      left -= part.length;
      if (!isLast) parts.push(lengthBytes(part.length));
      parts.push(part);
    }
    return concatBytes(parts);
  }

  /**
   * Decodes a payload. Any bytes decode to some coefficients: only the hashes of the container detect corruption.
   * @throws PixrnnError `file-truncated` if the payload ends before its last band
   * @throws RangeError for a shape that no JPEG file has
   */
  decode(payload: Uint8Array, shape: JpegShape, effort: JpegEffort, onRows?: McuRowsDone): JpegImage {
    checkShape(shape);
    const image = allocateImage(shape);
    const bands = bandsOf(shape);
    const total = bands.at(-1)?.to ?? 0;
    let at = 0;
    for (const [i, band] of bands.entries()) {
      const isLast = i === bands.length - 1;
      const length = isLast ? payload.length - at : lengthAt(payload, at);
      if (!isLast) at += LENGTH_BYTES;
      const onBandRows = onRows && ((done: number): void => onRows(band.from + done, total));
      this.decodeBand(payload.subarray(at, at + length), imageOfBand(image, band), effort, onBandRows);
      at += length;
    }
    return image;
  }

  /** Returns the start weights that the coder was built with; only before `trainStart`. */
  startOf(effort: JpegEffort): JpegStart {
    const component = { horizontal: 1, vertical: 1, blocksWide: 1, blocksHigh: 1, quantisation: new Uint16Array(64) };
    const visible = { id: 1, visibleWide: 1, visibleHigh: 1 };
    this.prepare({ width: 8, height: 8, precision: 8, components: [{ ...component, ...visible }] }, effort, 0);
    return this.currentStart();
  }

  /**
   * Encodes the images one after the other, each from the weights that the one before ended with, yields the length of
   * each, and returns the mean of the weights after each of the last two thirds: start weights to build the coder with.
   * The instance must not be used for coding afterwards.
   */
  *trainStart(images: readonly JpegImage[], effort: JpegEffort): Generator<number, JpegStart> {
    const sums: { weights: Float64Array; networks: Float64Array } = {
      weights: new Float64Array(this.startOf(effort).weights.length),
      networks: new Float64Array(this.startOf(effort).networks.length),
    };
    const first = Math.floor(images.length / 3);
    for (const [i, image] of images.entries()) {
      yield this.encode(image, effort)?.length ?? NaN;
      this.wasm.keepStart();
      if (i < first) continue;
      const { weights, networks } = this.currentStart();
      weights.forEach((weight, j) => (sums.weights[j] = (sums.weights[j] ?? 0) + weight));
      networks.forEach((weight, j) => (sums.networks[j] = (sums.networks[j] ?? 0) + weight));
    }
    const mean = (sum: Float64Array): Int16Array =>
      Int16Array.from(sum, (x) => Math.round(x / (images.length - first)));
    return { weights: mean(sums.weights), networks: mean(sums.networks) };
  }

  private currentStart(): JpegStart {
    const numbers = (at: number, length: number): Int16Array =>
      new Int16Array(this.wasm.memory.buffer, at, length).slice();
    return {
      weights: numbers(this.wasm.startWeightsAt(), this.wasm.startWeightsLength()),
      networks: numbers(this.wasm.startNetworksAt(), this.wasm.startNetworksLength()),
    };
  }

  private encodeBand(
    image: JpegImage,
    effort: JpegEffort,
    limit: number,
    onRows?: (done: number) => void,
    blockBits?: readonly Float32Array[],
  ): Uint8Array | null {
    const room = Math.max(0, Math.min(Math.floor(limit), maxPayloadBytes(image)));
    this.prepare(image, effort, room, blockBits !== undefined);
    image.components.forEach(({ coefficients }, i) => this.coefficients(i, coefficients.length).set(coefficients));
    this.wasm.start(0);
    if (!this.codeRows(image, onRows)) return null;
    blockBits?.forEach((bits, i) =>
      bits.set(new Float32Array(this.wasm.memory.buffer, this.wasm.bitsAt(i), bits.length)),
    );
    const length = this.wasm.finish();
    return length < 0 ? null : this.bytes(this.wasm.streamAt(), length).slice();
  }

  /** Decodes a band into the coefficients of `image`. */
  private decodeBand(payload: Uint8Array, image: JpegImage, effort: JpegEffort, onRows?: (done: number) => void): void {
    const used = payload.subarray(0, maxPayloadBytes(image));
    this.prepare(image, effort, used.length);
    this.bytes(this.wasm.streamAt(), used.length).set(used);
    this.wasm.start(1);
    this.codeRows(image, onRows);
    image.components.forEach(({ coefficients }, i) => coefficients.set(this.coefficients(i, coefficients.length)));
  }

  /** Lays out memory for a band and describes it to the module. */
  private prepare(shape: JpegShape, effort: JpegEffort, room: number, measures = false): void {
    const { components } = shape;
    this.wasm.setMeasuring(measures ? 1 : 0);
    components.forEach(({ horizontal, vertical, blocksWide, blocksHigh, quantisation }, i) => {
      this.wasm.describe(i, horizontal, vertical, blocksWide, blocksHigh);
      new Uint16Array(this.wasm.memory.buffer, this.wasm.quantisationAt() + 128 * i, 64).set(quantisation);
    });
    if (this.wasm.prepare(components.length, effort, room) === 0) {
      throw new PixrnnError('limit', 'the coder of JPEG coefficients ran out of memory. Use fewer threads.');
    }
  }

  /** Codes all rows of MCUs. Returns false once the stream is full. */
  private codeRows({ components }: JpegShape, onRows?: (done: number) => void): boolean {
    const rows = Math.max(...components.map(({ blocksHigh, vertical }) => Math.ceil(blocksHigh / vertical)));
    const blocksPerRow = components.reduce((sum, { blocksWide, vertical }) => sum + blocksWide * vertical, 0);
    const batch = onRows ? Math.max(1, Math.floor(BLOCKS_PER_BATCH / blocksPerRow)) : rows;
    for (let from = 0; from < rows; from += batch) {
      const to = Math.min(rows, from + batch);
      if (this.wasm.codeSteps(from, to) === 0) return false;
      onRows?.(to);
    }
    return true;
  }

  private coefficients(component: number, length: number): Int16Array {
    return new Int16Array(this.wasm.memory.buffer, this.wasm.coefficientsAt(component), length);
  }

  private bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer, address, length);
  }
}

function checkImage(image: JpegImage): void {
  checkShape(image);
  for (const { blocksWide, blocksHigh, coefficients } of image.components) {
    if (coefficients.length !== blocksWide * blocksHigh * 64) {
      throw new RangeError('a component has the wrong number of coefficients');
    }
    if (coefficients.includes(-32768)) throw new RangeError('a coefficient is -32768');
  }
}

function checkShape({ components }: JpegShape): void {
  const isGood = components.length >= 1 && components.length <= MAX_COMPONENTS && components.every(isComponentShape);
  if (!isGood) throw new RangeError('no JPEG file has components of this number or size');
}

function isComponentShape(component: JpegComponentShape): boolean {
  const { horizontal, vertical, blocksWide, blocksHigh, quantisation } = component;
  const isIn = (n: number, limit: number): boolean => Number.isInteger(n) && n >= 1 && n <= limit;
  return (
    isIn(horizontal, MAX_SAMPLING) &&
    isIn(vertical, MAX_SAMPLING) &&
    isIn(blocksWide, MAX_BLOCKS) &&
    isIn(blocksHigh, MAX_BLOCKS) &&
    quantisation.length === 64
  );
}

/** Returns the maximum size of a band's payload: coding stops beyond two bytes a coefficient. */
function maxPayloadBytes({ components }: JpegShape): number {
  return components.reduce((sum, { blocksWide, blocksHigh }) => sum + 128 * blocksWide * blocksHigh, 64);
}

function lengthBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(LENGTH_BYTES);
  viewOf(bytes).setUint32(0, length);
  return bytes;
}

function lengthAt(payload: Uint8Array, at: number): number {
  const length = at + LENGTH_BYTES <= payload.length ? viewOf(payload).getUint32(at) : Infinity;
  if (length > payload.length - at - LENGTH_BYTES) {
    throw new PixrnnError('file-truncated', 'the coefficients of a JPEG image end too early');
  }
  return length;
}
