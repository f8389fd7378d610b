/**
 * A small network that learns while it codes: from 80 inputs (network-inputs.ts) to 32 hidden units, with a bias of its
 * own for each coefficient, to the logits of eight decisions about the coefficient. One network serves the first
 * component, another one all others. Weights take an Adam step after every 32 coefficients, biases at once.
 */
import { adamUpdate } from '../kernels/adam';
import { dense } from '../kernels/dense';
import { limit4, squash4 } from '../mixer/logistic';
import { reserve } from '../palette/memory';
import { INPUTS, networkInputs } from './network-inputs';
import { START_NETWORKS } from './start-network';
import { startWeights } from './start-scale';

const HIDDEN: i32 = 32;
/** Decisions: not zero, negative, and whether the magnitude reaches class 1, 2, ..., 6. */
const OUTPUTS: i32 = 8;
export const NON_ZERO: i32 = 0;
export const NEGATIVE: i32 = 1;
export const REACHES: i32 = 2;

const NETWORKS: i32 = 2;
/** Biases of a network: one vector for each coefficient of up to two components. */
const PLACES: i32 = 128;
const FIRST_WEIGHTS: i32 = INPUTS * HIDDEN;
const WEIGHTS: i32 = FIRST_WEIGHTS + HIDDEN * OUTPUTS;
const BATCH: i32 = 32;

const MAX_LOGIT: f32 = 9;
/** Adam's rate: RATE max(1, EARLY / (1 + DECAY n)) in step n. */
const RATE: f64 = 0.003;
const EARLY: f64 = 4;
const DECAY: f64 = 0.002;
const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
/** Rates of the biases. */
const HIDDEN_RATE: f32 = 0.01;
const OUTPUT_RATE: f32 = 0.0003;

const HIDDEN_BYTES: usize = (<usize>HIDDEN) << 2;
const WEIGHT_BYTES: usize = (<usize>WEIGHTS) << 2;
const SECOND_LAYER: usize = (<usize>FIRST_WEIGHTS) << 2;
/** Floats of a network: weights, gradients, two moments, hidden biases, output biases. */
const BIAS_BYTES: usize = <usize>PLACES * HIDDEN_BYTES + ((<usize>OUTPUTS) << 2);
const NETWORK_BYTES: usize = 4 * WEIGHT_BYTES + BIAS_BYTES;
/** Bytes of a network's start: i16, weights and biases. */
const START_BYTES: usize = (WEIGHT_BYTES + BIAS_BYTES) >> 1;
/** Numbers of the start of all networks. */
export const START_LENGTH: i32 = <i32>((<usize>NETWORKS * START_BYTES) >> 1);
const BIASES: usize = 4 * WEIGHT_BYTES;
const OUTPUT_BIASES: usize = BIASES + <usize>PLACES * HIDDEN_BYTES;

/** Hidden units before and after their activation, and the gradient of the code length to the former. */
const sums: usize = memory.data(HIDDEN * 4, 16);
const hidden: usize = memory.data(HIDDEN * 4, 16);
const slopes: usize = memory.data(HIDDEN * 4, 16);
/** Logits, and the gradient of the code length to each: 0 if its decision was not coded; f32[OUTPUTS]. */
const logits: usize = memory.data(OUTPUTS * 4, 16);
const errors: usize = memory.data(OUTPUTS * 4, 16);
/** For each network: gradients in the batch, steps, beta1^steps, beta2^steps. */
const counts: usize = memory.data(NETWORKS * 4, 16);
const steps: usize = memory.data(NETWORKS * 8, 16);
const powers: usize = memory.data(NETWORKS * 16, 16);

let networks: usize = 0;
let current: i32 = 0;
let network: usize = 0;
let bias: usize = 0;

export function reserveNetworks(): void {
  networks = reserve(<usize>NETWORKS * NETWORK_BYTES);
}

export function startNetworks(): void {
  memory.fill(networks, 0, <usize>NETWORKS * NETWORK_BYTES);
  for (let i: usize = 0; i < <usize>NETWORKS; i++) {
    const start = START_NETWORKS + i * START_BYTES;
    const to = networks + i * NETWORK_BYTES;
    for (let j: usize = 0; j < WEIGHT_BYTES; j += 16) v128.store(to + j, startWeights(start + (j >> 1)));
    for (let j: usize = 0; j < BIAS_BYTES; j += 16) {
      v128.store(to + BIASES + j, startWeights(start + ((WEIGHT_BYTES + j) >> 1)));
    }
    store<i32>(counts + (i << 2), 0);
    store<f64>(steps + (i << 3), 0);
    store<f64>(powers + (i << 4), 1);
    store<f64>(powers + (i << 4), 1, 8);
  }
}

/**
 * Computes the logits from the inputs.
 * @param chroma which network: 0 or 1
 * @param place number of the bias, 0 to 127
 */
export function runNetwork(chroma: u32, place: u32): void {
  current = <i32>chroma;
  network = networks + <usize>chroma * NETWORK_BYTES;
  bias = network + BIASES + <usize>place * HIDDEN_BYTES;
  dense(networkInputs, INPUTS, network, HIDDEN, bias, sums);
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < HIDDEN_BYTES; i += 16) {
    const s = v128.load(sums + i);
    v128.store(hidden + i, f32x4.div(s, f32x4.add(one, f32x4.abs(s))));
  }
  dense(hidden, HIDDEN, network + SECOND_LAYER, OUTPUTS, network + OUTPUT_BIASES, logits);
  const zero = f32x4.splat(0);
  v128.store(logits, limit4(v128.load(logits), MAX_LOGIT));
  v128.store(logits, limit4(v128.load(logits, 16), MAX_LOGIT), 16);
  v128.store(errors, zero);
  v128.store(errors, zero, 16);
}

/** Returns the logit of decision i. */
export function networkLogit(i: i32): f32 {
  return load<f32>(logits + ((<usize>i) << 2));
}

/** Observes the outcome of decision i. */
export function observeNetwork(i: i32, one: bool): void {
  const p = f32x4.extract_lane(squash4(f32x4.splat(networkLogit(i))), 0);
  store<f32>(errors + ((<usize>i) << 2), p - (one ? <f32>1 : <f32>0));
}

/** Adds the gradients of the observed decisions, and takes a step if the batch is full. */
export function learnNetwork(): void {
  const gradient = network + WEIGHT_BYTES;
  const low = v128.load(errors);
  const high = v128.load(errors, 16);
  for (let j: usize = 0; j < HIDDEN_BYTES; j += 4) {
    const row = network + SECOND_LAYER + (j << 3);
    const product = f32x4.add(f32x4.mul(low, v128.load(row)), f32x4.mul(high, v128.load(row, 16)));
    const sum =
      f32x4.extract_lane(product, 0) +
      f32x4.extract_lane(product, 1) +
      (f32x4.extract_lane(product, 2) + f32x4.extract_lane(product, 3));
    const h = load<f32>(hidden + j);
    const flatness: f32 = <f32>1 - abs<f32>(h);
    store<f32>(slopes + j, sum * (flatness * flatness));
    const to = gradient + SECOND_LAYER + (j << 3);
    const unit = f32x4.splat(h);
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(unit, low)));
    v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(unit, high)), 16);
  }
  addGradients(gradient);
  descend(bias, slopes, HIDDEN_BYTES, HIDDEN_RATE);
  descend(network + OUTPUT_BIASES, errors, (<usize>OUTPUTS) << 2, OUTPUT_RATE);
  const count = counts + ((<usize>current) << 2);
  store<i32>(count, load<i32>(count) + 1);
  if (load<i32>(count) === BATCH) {
    store<i32>(count, 0);
    takeStep(gradient);
  }
}

/** Adds the outer product of inputs and slopes. */
function addGradients(gradient: usize): void {
  const a = v128.load(slopes);
  const b = v128.load(slopes, 16);
  const c = v128.load(slopes, 32);
  const d = v128.load(slopes, 48);
  const e = v128.load(slopes, 64);
  const f = v128.load(slopes, 80);
  const g = v128.load(slopes, 96);
  const h = v128.load(slopes, 112);
  const end = networkInputs + INPUTS * 4;
  for (let x = networkInputs; x < end; x += 4, gradient += HIDDEN_BYTES) {
    if (load<f32>(x) === 0) continue;
    const s = v128.load32_splat(x);
    v128.store(gradient, f32x4.add(v128.load(gradient), f32x4.mul(s, a)));
    v128.store(gradient, f32x4.add(v128.load(gradient, 16), f32x4.mul(s, b)), 16);
    v128.store(gradient, f32x4.add(v128.load(gradient, 32), f32x4.mul(s, c)), 32);
    v128.store(gradient, f32x4.add(v128.load(gradient, 48), f32x4.mul(s, d)), 48);
    v128.store(gradient, f32x4.add(v128.load(gradient, 64), f32x4.mul(s, e)), 64);
    v128.store(gradient, f32x4.add(v128.load(gradient, 80), f32x4.mul(s, f)), 80);
    v128.store(gradient, f32x4.add(v128.load(gradient, 96), f32x4.mul(s, g)), 96);
    v128.store(gradient, f32x4.add(v128.load(gradient, 112), f32x4.mul(s, h)), 112);
  }
}

/** Moves f32[bytes / 4] down its gradient. */
function descend(values: usize, gradient: usize, bytes: usize, rate: f32): void {
  const r = f32x4.splat(rate);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(values + i, f32x4.sub(v128.load(values + i), f32x4.mul(r, v128.load(gradient + i))));
  }
}

function takeStep(gradient: usize): void {
  const at = steps + ((<usize>current) << 3);
  const n = load<f64>(at) + 1;
  store<f64>(at, n);
  const power = powers + ((<usize>current) << 4);
  const power1 = load<f64>(power) * BETA1;
  const power2 = load<f64>(power, 8) * BETA2;
  store<f64>(power, power1 > 1e-30 ? power1 : 0);
  store<f64>(power, power2 > 1e-30 ? power2 : 0, 8);
  const rate = RATE * max<f64>(1, EARLY / (1 + DECAY * n));
  const first = network + 2 * WEIGHT_BYTES;
  const second = network + 3 * WEIGHT_BYTES;
  adamUpdate(network, gradient, first, second, WEIGHTS, 1, rate, BETA1, BETA2, power1, power2);
  memory.fill(gradient, 0, WEIGHT_BYTES);
}

/** Writes the weights to the start weights, for training. */
export function keepNetworks(): void {
  for (let i: usize = 0; i < <usize>NETWORKS; i++) {
    const from = networks + i * NETWORK_BYTES;
    const start = START_NETWORKS + i * START_BYTES;
    for (let j: usize = 0; j < WEIGHT_BYTES; j += 4) keep(from + j, start + (j >> 1));
    for (let j: usize = 0; j < BIAS_BYTES; j += 4) keep(from + BIASES + j, start + ((WEIGHT_BYTES + j) >> 1));
  }
}

function keep(from: usize, to: usize): void {
  store<i16>(to, <i16>nearest<f32>(max<f32>(-32767, min<f32>(32767, load<f32>(from) * 4096))));
}
