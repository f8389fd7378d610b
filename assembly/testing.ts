/**
 * Entry of build/testing.wasm, for tests and measurements only: each export runs one part of the engine over arrays.
 */
import { decodeDecision, encodeDecision } from './coder/decisions';
import * as decoder from './coder/decoder';
import * as encoder from './coder/encoder';
import * as frequencies from './coder/frequencies';
import * as categorical from './distributions/categorical';
import * as distribution from './distributions/distribution';
import { exp4 } from './kernels/exp';
import { exp64x2 } from './kernels/exp64';
import { sigmoid4, tanh4 } from './kernels/sigmoid';
import { softmax256 } from './kernels/softmax';
import { commitReservations, resetReservations } from './memory';
import * as model from './models/model';
import { configureNetwork } from './models/photo/network';

// A model, one sub-pixel at a time: `configure`, weights, `prepare` and samples as in the engine, then `startTile`,
// `startPixel`, and `predictModel` and `observe` for each channel.
export { configure, prepare, samplesAt, setSmallHeight, setTemperature, smallAt, specAt, weightsAt } from './index';
export { observe, startPixel, startTile } from './models/model';

export * from './testing-mixer';
export { dense } from './kernels/dense';
export { addTo, relu } from './kernels/relu';
export { stepCells } from './models/pixelrnn/gates';
export { applyGroup, packLayer, packPadded, packedFloats, visibleInputs } from './models/pixelrnn/grouped-layer';

const lengths: usize = memory.data(256 * 8, 16); // f64[256]

/**
 * Returns the address where `predictModel` writes the code length in bits of each class of the sub-pixel, f64[256]. For
 * a distribution that is not a softmax: of each value, infinity for values that do not exist.
 */
export function codeLengthsAt(): usize {
  return lengths;
}

/** Predicts channel c of the current pixel, as the loop does. Returns the value that class 0 represents. */
export function predictModel(c: i32): i32 {
  model.predict(c);
  if (!distribution.isCategorical) {
    for (let v = 0; v < 256; v++) {
      const p = v >> distribution.depth ? 0 : distribution.cdf(v + 1) - distribution.cdf(v);
      store<f64>(lengths + ((<usize>v) << 3), -Math.log2(p));
    }
    return 0;
  }
  for (let k = 0; k < 256; k++) {
    store<f64>(lengths + ((<usize>k) << 3), frequencies.codeLength(categorical.exponentials, categorical.sum, k));
  }
  return categorical.centre;
}

/**
 * Allocates memory that is never freed. Invalidates the host's typed array views. It shares memory with the map of
 * `memory.ts`: an instance either allocates or runs a model.
 */
export function allocate(bytes: i32): usize {
  return heap.alloc(bytes);
}

/**
 * Encodes `n` symbols.
 * @param tables u32[tables][256] counts @param picks u8[n] each symbol's table @param symbols u8[n]
 * @returns bytes written, or -1 on overflow
 */
export function encodeSymbols(tables: usize, picks: usize, symbols: usize, n: i32, output: usize, capacity: i32): i32 {
  encoder.start(output, capacity);
  for (let i = 0; i < n; i++) {
    const counts = tables + ((<usize>load<u8>(picks + i)) << 10);
    const k = load<u8>(symbols + i);
    const low = frequencies.cumulative(counts, k);
    encoder.encode(low, low + load<u32>(counts + ((<usize>k) << 2)));
  }
  const length = encoder.finish();
  return encoder.overflowed() ? -1 : length;
}

/** Decodes `n` symbols into u8[n]; arguments as in `encodeSymbols`. */
export function decodeSymbols(tables: usize, picks: usize, symbols: usize, n: i32, input: usize, length: i32): void {
  decoder.start(input, length);
  for (let i = 0; i < n; i++) {
    const counts = tables + ((<usize>load<u8>(picks + i)) << 10);
    const k = frequencies.findSymbol(counts, decoder.target());
    decoder.consume(frequencies.foundLow, frequencies.foundLow + load<u32>(counts + ((<usize>k) << 2)));
    store<u8>(symbols + i, <u8>k);
  }
}

/**
 * Encodes `n` binary decisions.
 * @param splits u32[n] count of a 0, 1 to 2^22 - 1 @param decisions u8[n]
 * @returns bytes written, or -1 on overflow
 */
export function encodeDecisions(splits: usize, decisions: usize, n: i32, output: usize, capacity: i32): i32 {
  encoder.start(output, capacity);
  for (let i = 0; i < n; i++) {
    encodeDecision(load<u32>(splits + ((<usize>i) << 2)), load<u8>(decisions + i) !== 0);
  }
  const length = encoder.finish();
  return encoder.overflowed() ? -1 : length;
}

/** Decodes `n` binary decisions into u8[n]; arguments as in `encodeDecisions`. */
export function decodeDecisions(splits: usize, decisions: usize, n: i32, input: usize, length: i32): void {
  decoder.start(input, length);
  for (let i = 0; i < n; i++) {
    store<u8>(decisions + i, <u8>decodeDecision(load<u32>(splits + ((<usize>i) << 2))));
  }
}

/** Returns the number of bytes the encoder has stored, also after an overflow. */
export function bytesWritten(): i32 {
  return encoder.bytesWritten();
}

/** Applies exp64x2 to f64[n], n even. */
export function exponentials64(input: usize, output: usize, n: i32): void {
  const bytes = (<usize>n) << 3;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(output + i, exp64x2(v128.load(input + i)));
}

/**
 * Sets a mixture of logistics with parameters in units of `unit`, and writes its CDF at 0, 1, ..., 2^depth to
 * f64[2^depth + 1]. Returns its mean.
 */
export function mixtureCdf(params: usize, components: i32, centre: f32, depth: i32, unit: f32, output: usize): f32 {
  distribution.setMixture(params, components, centre, depth, unit);
  return tabulate(output);
}

/** Sets the softmax of f32[256] and writes its CDF at 0, 1, ..., 256 to f64[257]. Returns its mean. */
export function categoricalCdf(logits: usize, centre: i32, output: usize): f32 {
  memory.copy(distribution.logits, logits, 1024);
  distribution.setCategorical(centre);
  return tabulate(output);
}

/** Sets the distribution of a bit and writes its CDF at 0, 1, 2 to f64[3]. Returns its mean. */
export function bernoulliCdf(logit: f32, output: usize): f32 {
  distribution.setBernoulli(logit);
  return tabulate(output);
}

function tabulate(output: usize): f32 {
  for (let b = 0; b <= 1 << distribution.depth; b++) store<f64>(output + ((<usize>b) << 3), distribution.cdf(b));
  return distribution.mean();
}

/** Applies exp4 to f32[n], n a multiple of 4. */
export function exponentials(input: usize, output: usize, n: i32): void {
  for (let i: usize = 0; i < (<usize>n) << 2; i += 16) v128.store(output + i, exp4(v128.load(input + i)));
}

/** Applies sigmoid4 and tanh4 to f32[n], n a multiple of 4. */
export function sigmoids(input: usize, output: usize, n: i32): void {
  for (let i: usize = 0; i < (<usize>n) << 2; i += 16) v128.store(output + i, sigmoid4(v128.load(input + i)));
}

export function tanhs(input: usize, output: usize, n: i32): void {
  for (let i: usize = 0; i < (<usize>n) << 2; i += 16) v128.store(output + i, tanh4(v128.load(input + i)));
}

/** Applies softmax256 to `rows` rows: f32[rows][256] to f32[rows][256], with the sums in f32[rows]. */
export function softmaxRows(logits: usize, probabilities: usize, sums: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    const row = (<usize>i) << 10;
    store<f32>(sums + ((<usize>i) << 2), softmax256(logits + row, probabilities + row));
  }
}

/** Applies frequencies256 to `rows` rows: f32[rows][256] and f32[rows] to u32[rows][256]. */
export function frequencyRows(probabilities: usize, sums: usize, counts: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    const row = (<usize>i) << 10;
    frequencies.frequencies256(probabilities + row, load<f32>(sums + ((<usize>i) << 2)), counts + row);
  }
}

export function cumulative(counts: usize, k: i32): u32 {
  return frequencies.cumulative(counts, k);
}

export function findSymbol(counts: usize, target: u32): i32 {
  return frequencies.findSymbol(counts, target);
}

export function foundLow(): u32 {
  return frequencies.foundLow;
}

export function codeLength(probabilities: usize, sum: f32, k: i32): f64 {
  return frequencies.codeLength(probabilities, sum, k);
}

// The network of `photo`, one sub-pixel at a time, and the kernels it learns with:
// `configurePhotoNetwork`, weights, then as in the model.
export { mixtureGradient } from './distributions/mixture-gradient';
export { adamUpdate, squaredNorm } from './kernels/adam';
export { repeatRow, sumRows } from './kernels/bias';
export { fixedDense } from './kernels/fixed-dense';
export { fixedGemm } from './kernels/fixed-gemm';
export { fixedScale, pairRows, toFixed } from './kernels/fixed-point';
export { gemm } from './kernels/gemm';
export { leakyRelu, leakyReluBackward } from './kernels/leaky-relu';
export { transpose } from './kernels/transpose';
export { gradientAt } from './models/photo/learning';
export { slopesAt } from './models/photo/segment';
export {
  extrasAt,
  inputsAt,
  observeNetwork,
  predictNetwork,
  setCondition,
  startNetwork,
  startPixelNetwork,
  workingWeightsAt,
} from './models/photo/network';

/** Lays out memory for the network whose spec the host has written. Returns its number of weights. */
export function configurePhotoNetwork(): i32 {
  resetReservations();
  const weights = configureNetwork();
  return commitReservations() ? weights : -2;
}
