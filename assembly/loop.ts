/**
 * The coding loop: for each row, pixel and channel the model predicts a distribution, the coder codes the value, and
 * the model observes it. Encoder, decoder and measurement differ in one call.
 *
 * A value is coded in one of two ways: a softmax without the mixer as one symbol of 256; everything else bit by bit,
 * most significant first, each bit a decision with the probability that the distribution, refined by the mixer, gives
 * it. What both sides know is not coded: the samples of known pixels, a known first channel, and bits that the number of
 * values of the channel determines.
 *
 * With the mixer, R and B are coded as differences from G modulo the number of values, unless some values cannot occur.
 * Model and history have the samples themselves.
 */
import { bounded, decodeDecision, encodeDecision, highOf, lowOf, splitOf } from './coder/decisions';
import * as decoder from './coder/decoder';
import * as encoder from './coder/encoder';
import { codeLength, cumulative, findSymbol, foundLow, frequencies256 } from './coder/frequencies';
import * as categorical from './distributions/categorical';
import * as distribution from './distributions/distribution';
import { cdf, original, rotate, rotated } from './distributions/rotated';
import { movePixel, putChannel, startHistory, toBytes } from './history';
import { INTERVALS, KNOWN, MAX_CHANNELS, SAMPLES, STREAM, STREAM_CAPACITY } from './memory';
import * as mixer from './mixer/mixer';
import { MIXED_BITS } from './mixer/state';
import * as model from './models/model';

const ENCODE: i32 = 0;
const DECODE: i32 = 1;
const MEASURE: i32 = 2;

/**
 * Flags of a tile: refine with the mixer; let the model learn while coding; record every interval that is encoded; skip
 * the pixels marked in the bit map at KNOWN; record the bits of every measured pixel; skip the first channel.
 */
const MIXER: i32 = 1;
const LEARNING: i32 = 2;
const RECORD_INTERVALS: i32 = 4;
const KNOWN_PIXELS: i32 = 8;
const RECORD_PIXEL_BITS: i32 = 16;
const KNOWN_FIRST: i32 = 32;

const counts: usize = memory.data(256 * 4, 16); // u32[256]
/** Code length in bits by the coder's probabilities, and by the model's own before the mixer, f64[channels] each. */
const bits: usize = memory.data(MAX_CHANNELS * 8, 16);
const modelBits: usize = memory.data(MAX_CHANNELS * 8, 16);
/** Number of values of each channel of the image, i32[channels]: values are 0 to that number - 1. */
const valueCounts: usize = memory.data(4 * 4, 16);

let mode: i32 = ENCODE;
let width: i32 = 0;
let channels: i32 = 0;
let mixing: bool = false;
/** Whether the history is kept: the mixer reads it, and so do some models. */
let keepHistory: bool = false;
let recordIntervals: bool = false;
let skipKnown: bool = false;
let skipFirst: bool = false;
let recordBits: bool = false;
/** Bits of the current pixel so far, by the coder's probabilities. */
let pixelBits: f64 = 0;
/** Address of the next recorded interval. */
let interval: usize = 0;

/** Bits of a sample. It occupies 2^sizeShift bytes: one, or two if it has more than eight bits. */
let depth: i32 = 8;
let sizeShift: usize = 0;
/** 256 / 2^depth converts values to the 8-bit scale; times 2^gainBits, to the scale of the history. */
let toByteScale: f32 = 1;
let toHistory: f32 = 1;
/** Offset of a predicted value above the middle of the interval that its upper eight bits represent. */
let byteShift: f32 = 0;
/** Shifts that convert a value to the mixer's scale: << mixerUp >> mixerDown. */
let mixerUp: i32 = 0;
let mixerDown: i32 = 0;
/** The smallest `half` of a node that the mixer refines. */
let minMixed: i32 = 1;

/**
 * Begins a tile. In `DECODE` mode the host has written `streamLength` bytes at STREAM; in the other modes the samples
 * at SAMPLES. Known samples are there in every mode. The model sees the samples scaled by 2^gainBits, 0
 * to 8.
 */
export function start(
  newMode: i32,
  tileWidth: i32,
  channelCount: i32,
  sampleDepth: i32,
  gainBits: i32,
  streamLength: i32,
  flags: i32,
): void {
  mode = newMode;
  width = tileWidth;
  channels = channelCount;
  mixing = (flags & MIXER) !== 0;
  keepHistory = mixing || model.readsHistory();
  setDepth(sampleDepth, gainBits);
  recordIntervals = mode === ENCODE && (flags & RECORD_INTERVALS) !== 0;
  skipKnown = (flags & KNOWN_PIXELS) !== 0;
  skipFirst = (flags & KNOWN_FIRST) !== 0;
  recordBits = mode === MEASURE && (flags & RECORD_PIXEL_BITS) !== 0;
  memory.fill(bits, 0, MAX_CHANNELS * 8);
  memory.fill(modelBits, 0, MAX_CHANNELS * 8);
  if (mode === ENCODE) encoder.start(STREAM, STREAM_CAPACITY);
  if (mode === DECODE) decoder.start(STREAM, streamLength);
  if (mixing) mixer.startMixer(width, channels === 3 && !skipFirst);
  model.startTile(width, (flags & LEARNING) !== 0, depth);
}

function setDepth(sampleDepth: i32, gainBits: i32): void {
  depth = sampleDepth;
  sizeShift = depth > 8 ? 1 : 0;
  toByteScale = 256 / <f32>(1 << depth);
  byteShift = depth > 8 ? 0.5 - 0.5 * toByteScale : 0;
  const gain = <f32>(1 << gainBits);
  toHistory = toByteScale * gain;
  if (keepHistory) startHistory(width, gain, <f32>((1 << depth) - 1) * toHistory);
  mixerUp = max(0, MIXED_BITS - depth);
  mixerDown = max(0, depth - MIXED_BITS);
  minMixed = 1 << mixerDown;
  for (let c = 0; c < MAX_CHANNELS; c++) limitValues(c, 1 << depth);
}

/** Limits a channel of the image to the values below `count`, 1 <= count <= 2^depth. Call it after `start`. */
export function limitValues(channel: i32, count: i32): void {
  if (count < 1 << depth) mixer.chooseDomain(false);
  store<i32>(valueCounts + ((<usize>channel) << 2), count);
}

/**
 * Codes rows `from` to `to` - 1, which follow those coded before. If the bits of pixels are recorded, each call
 * overwrites those of the previous one; a call has room for as many pixels as INTERVALS holds f32.
 */
export function codeRows(from: i32, to: i32): void {
  let at = SAMPLES + ((<usize>from * <usize>(width * channels)) << sizeShift);
  const pixelBytes = (<usize>channels) << sizeShift;
  let pixelBitsAt = INTERVALS;
  for (let y = from; y < to; y++) {
    interval = INTERVALS;
    for (let x = 0; x < width; x++) {
      if (keepHistory) movePixel(x, y);
      if (mixing) mixer.startPixelMixer(x, y);
      model.startPixel(x, y);
      pixelBits = 0;
      codePixel(at, skipKnown && isKnown(y * width + x));
      at += pixelBytes;
      if (recordBits) {
        store<f32>(pixelBitsAt, <f32>pixelBits);
        pixelBitsAt += 4;
      }
    }
  }
}

function codePixel(pixel: usize, isKnownPixel: bool): void {
  for (let c = 0; c < channels; c++) {
    const known = isKnownPixel || (skipFirst && c === 0);
    const channel = model.sampleOf(c);
    const at = pixel + ((<usize>channel) << sizeShift);
    model.predict(c);
    rotate(mixing && mixer.isDifference(c) ? zeroDifference(pixel) : 0);
    if (known) passValue(c, at);
    else if (distribution.isCategorical && !mixing) codeSymbol(channel, at);
    else codeBits(c, channel, at);
    const value = valueAt(at);
    if (keepHistory) putChannel(c, <f32>value * toHistory);
    model.observe(c, value, !known);
  }
}

/** Returns the offset of differences from the first channel: 2^(depth - 1) represents no difference. */
function zeroDifference(pixel: usize): i32 {
  return valueAt(pixel + ((<usize>model.sampleOf(0)) << sizeShift)) - (1 << (depth - 1));
}

/** Returns the number of bytes of the stream that are at STREAM so far, while encoding. */
export function encodedBytes(): i32 {
  return encoder.bytesWritten();
}

/** Returns how many bytes of the stream must be known to decode all values so far, while encoding. */
export function bytesToDecode(): i32 {
  return encoder.bytesToDecode();
}

/** Makes more bytes of the stream known, which the host has written at STREAM, while decoding: `length` in all. */
export function extendStream(length: i32): void {
  decoder.extend(length);
}

/** Ends an encoded stream. Returns its length in bytes, or -1 if it exceeds the stream's capacity. */
export function finish(): i32 {
  const length = encoder.finish();
  return encoder.overflowed() ? -1 : length;
}

/**
 * Returns the code length in bits of a channel of the image since `start`, in `ENCODE` and `MEASURE`: -log2 of the
 * probabilities given to the coder, before they are rounded to counts.
 */
export function codeLengthOf(channel: i32): f64 {
  return load<f64>(bits + ((<usize>channel) << 3));
}

/** Returns the same by the model's own probabilities, before the mixer. */
export function modelCodeLengthOf(channel: i32): f64 {
  return load<f64>(modelBits + ((<usize>channel) << 3));
}

/** Returns the number of intervals recorded for the last row. */
export function intervalCount(): i32 {
  return <i32>((interval - INTERVALS) >> 3);
}

function isKnown(pixel: i32): bool {
  return ((load<u8>(KNOWN + ((<usize>pixel) >> 3)) >> (pixel & 7)) & 1) !== 0;
}

function valueAt(at: usize): i32 {
  return sizeShift ? <i32>load<u16>(at) : <i32>load<u8>(at);
}

function putValue(at: usize, value: i32): void {
  if (sizeShift) store<u16>(at, <u16>value);
  else store<u8>(at, <u8>value);
}

/** Encodes, decodes or measures the sample at `at` as one symbol. */
function codeSymbol(channel: i32, at: usize): void {
  const exponentials = categorical.exponentials;
  const sum = categorical.sum;
  if (mode === DECODE) {
    frequencies256(exponentials, sum, counts);
    const k = findSymbol(counts, decoder.target());
    decoder.consume(foundLow, foundLow + load<u32>(counts + ((<usize>k) << 2)));
    store<u8>(at, <u8>(categorical.centre + k));
    return;
  }
  const k = (<i32>load<u8>(at) - categorical.centre) & 255;
  const length = codeLength(exponentials, sum, k);
  account(channel, length, length);
  if (mode !== ENCODE) return;
  frequencies256(exponentials, sum, counts);
  const low = cumulative(counts, k);
  const high = low + load<u32>(counts + ((<usize>k) << 2));
  encoder.encode(low, high);
  if (recordIntervals) recordInterval(low, high);
}

/** The sample at `at` as its bits. F(low) and F(high) bound what is still possible: low <= value < high. */
function codeBits(c: i32, channel: i32, at: usize): void {
  if (mixing) startMixing(c);
  const count = load<i32>(valueCounts + ((<usize>channel) << 2));
  const given = mode === DECODE ? 0 : rotated(valueAt(at));
  let value = 0;
  let below: f64 = 0;
  let above: f64 = cdf(count);
  // At most 16 factors of at least 2^-22: no product underflows in f64.
  let modelLikelihood: f64 = 1;
  let likelihood: f64 = 1;
  for (let half = 1 << (depth - 1); half > 0; half >>= 1) {
    const mixed = mixing && half >= minMixed;
    if (value + half >= count) {
      if (mixed) mixer.skip(0);
      continue;
    }
    const middle = cdf(value + half);
    const own = bounded((above - middle) / (above - below));
    const p = mixed ? bounded(mixer.refine(own)) : own;
    const one = codeDecision(splitOf(p), (given & half) !== 0);
    modelLikelihood *= one ? own : 1 - own;
    likelihood *= one ? p : 1 - p;
    if (mixed) mixer.update(one ? 1 : 0);
    if (one) {
      value += half;
      below = middle;
    } else {
      above = middle;
    }
  }
  if (mixing) mixer.endValue(toMixer(value));
  if (mode === DECODE) putValue(at, original(value));
  else account(channel, -Math.log2(likelihood), -Math.log2(modelLikelihood));
}

/** Lets the mixer observe the sample at `at`, which both sides know. */
function passValue(c: i32, at: usize): void {
  if (!mixing) return;
  startMixing(c);
  mixer.endKnownValue(toMixer(rotated(valueAt(at))));
}

function startMixing(c: i32): void {
  mixer.startValue(
    c,
    distribution.mean() * toByteScale - byteShift,
    model.hintA(c) * toBytes - byteShift,
    model.hintB(c) * toBytes - byteShift,
  );
}

function toMixer(value: i32): i32 {
  return (value << mixerUp) >> mixerDown;
}

/** Codes one decision and returns it: `given` when encoding or measuring, the decoded bit when decoding. */
function codeDecision(split: u32, given: bool): bool {
  if (mode === DECODE) return decodeDecision(split);
  if (mode === ENCODE) encodeDecision(split, given);
  if (recordIntervals) recordInterval(lowOf(split, given), highOf(split, given));
  return given;
}

function account(channel: i32, length: f64, modelLength: f64): void {
  const at = (<usize>channel) << 3;
  pixelBits += length;
  store<f64>(bits + at, load<f64>(bits + at) + length);
  store<f64>(modelBits + at, load<f64>(modelBits + at) + modelLength);
}

function recordInterval(low: u32, high: u32): void {
  store<u32>(interval, low);
  store<u32>(interval, high, 4);
  interval += 8;
}
