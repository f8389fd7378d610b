/**
 * The one loop: for each row, pixel and channel the model sets a distribution, the coder codes, the model observes.
 * Encoder, decoder and measurement differ in one call.
 *
 * A value is coded in one of two ways: a softmax without the mixer as one symbol of 256; everything else as its bits,
 * the most significant first, each a decision with the probability that the distribution and then the mixer give it.
 */
import { bounded, decodeDecision, encodeDecision, highOf, lowOf, splitOf } from './coder/decisions';
import * as decoder from './coder/decoder';
import * as encoder from './coder/encoder';
import { codeLength, cumulative, findSymbol, foundLow, frequencies256 } from './coder/frequencies';
import * as categorical from './distributions/categorical';
import * as distribution from './distributions/distribution';
import { movePixel, putChannel, startHistory } from './history';
import { INTERVALS, MAX_CHANNELS, SAMPLES, STREAM, STREAM_CAPACITY } from './memory';
import * as mixer from './mixer/mixer';
import * as model from './models/model';

export const ENCODE: i32 = 0;
export const DECODE: i32 = 1;
export const MEASURE: i32 = 2;

/** Flags of a tile: refine with the mixer; let the model learn while coding; note every interval that is encoded. */
const MIXER: i32 = 1;
const LEARNING: i32 = 2;
const INTERVALS_NOTED: i32 = 4;

const counts: usize = memory.data(256 * 4, 16); // u32[256]
/** Bits by the likelihood that the coder was given and by the model's own, before the mixer, f64[channels] each. */
const bits: usize = memory.data(MAX_CHANNELS * 8, 16);
const modelBits: usize = memory.data(MAX_CHANNELS * 8, 16);

let mode: i32 = ENCODE;
let width: i32 = 0;
let channels: i32 = 0;
let mixing: bool = false;
/** Whether the history is kept: the mixer looks at it, and some models. */
let recording: bool = false;
let noting: bool = false;
/** Where the next interval is noted. */
let interval: usize = 0;

/** Begins a tile. In `DECODE`, `streamLength` bytes stand at STREAM; in the other modes the samples at SAMPLES. */
export function start(newMode: i32, tileWidth: i32, channelCount: i32, streamLength: i32, flags: i32): void {
  mode = newMode;
  width = tileWidth;
  channels = channelCount;
  mixing = (flags & MIXER) != 0;
  recording = mixing || model.readsHistory();
  noting = mode == ENCODE && (flags & INTERVALS_NOTED) != 0;
  memory.fill(bits, 0, MAX_CHANNELS * 8);
  memory.fill(modelBits, 0, MAX_CHANNELS * 8);
  if (mode == ENCODE) encoder.start(STREAM, STREAM_CAPACITY);
  if (mode == DECODE) decoder.start(STREAM, streamLength);
  if (recording) startHistory(width);
  if (mixing) mixer.startMixer(width);
  model.startTile(width, (flags & LEARNING) != 0);
}

/** Codes rows `from` to `to` - 1, which follow the ones coded before. */
export function codeRows(from: i32, to: i32): void {
  let pixel = SAMPLES + <usize>from * <usize>(width * channels);
  for (let y = from; y < to; y++) {
    interval = INTERVALS;
    for (let x = 0; x < width; x++) {
      if (recording) movePixel(x, y);
      if (mixing) mixer.startPixelMixer(x, y);
      model.startPixel(x, y);
      for (let c = 0; c < channels; c++) {
        const channel = model.sampleOf(c);
        const at = pixel + <usize>channel;
        model.predict(c);
        if (distribution.isCategorical && !mixing) codeSymbol(channel, at);
        else codeBits(c, channel, at);
        const value = <i32>load<u8>(at);
        if (recording) putChannel(c, <f32>value);
        model.observe(c, value);
      }
      pixel += <usize>channels;
    }
  }
}

/** Ends an encoded stream; returns its length in bytes, or -1 where it became longer than the raw samples may be. */
export function finish(): i32 {
  const length = encoder.finish();
  return encoder.overflowed() ? -1 : length;
}

/**
 * Bits that a channel of the image took since `start`, in `ENCODE` and `MEASURE`: -log2 of the probabilities that the
 * coder was given, before they are rounded to counts.
 */
export function codeLengthOf(channel: i32): f64 {
  return load<f64>(bits + ((<usize>channel) << 3));
}

/** The same by the model's own probabilities, before the mixer. */
export function modelCodeLengthOf(channel: i32): f64 {
  return load<f64>(modelBits + ((<usize>channel) << 3));
}

/** Intervals that were noted for the row coded last. */
export function intervalCount(): i32 {
  return <i32>((interval - INTERVALS) >> 3);
}

/** The sample at `at`, to be coded or decoded, as one symbol. */
function codeSymbol(channel: i32, at: usize): void {
  const exponentials = categorical.exponentials;
  const sum = categorical.sum;
  if (mode == DECODE) {
    frequencies256(exponentials, sum, counts);
    const k = findSymbol(counts, decoder.target());
    decoder.consume(foundLow, foundLow + load<u32>(counts + ((<usize>k) << 2)));
    store<u8>(at, <u8>(categorical.centre + k));
    return;
  }
  const k = (<i32>load<u8>(at) - categorical.centre) & 255;
  const length = codeLength(exponentials, sum, k);
  account(channel, length, length);
  if (mode != ENCODE) return;
  frequencies256(exponentials, sum, counts);
  const low = cumulative(counts, k);
  const high = low + load<u32>(counts + ((<usize>k) << 2));
  encoder.encode(low, high);
  if (noting) note(low, high);
}

/** The sample at `at` as its bits. F(low) and F(high) bound what is still possible: low <= value < high. */
function codeBits(c: i32, channel: i32, at: usize): void {
  if (mixing) mixer.startValue(c, distribution.mean(), model.hintA(c), model.hintB(c));
  const given = mode == DECODE ? 0 : <i32>load<u8>(at);
  let value = 0;
  let below: f64 = 0;
  let above: f64 = 1;
  // At most 16 factors from 2^-22 on: no product comes near the end of f64.
  let modelLikelihood: f64 = 1;
  let likelihood: f64 = 1;
  for (let half = 1 << (distribution.depth - 1); half > 0; half >>= 1) {
    const middle = distribution.cdf(value + half);
    const own = bounded((above - middle) / (above - below));
    const p = mixing ? bounded(mixer.refine(own)) : own;
    const one = codeDecision(splitOf(p), (given & half) != 0);
    modelLikelihood *= one ? own : 1 - own;
    likelihood *= one ? p : 1 - p;
    if (mixing) mixer.update(one ? 1 : 0);
    if (one) {
      value += half;
      below = middle;
    } else {
      above = middle;
    }
  }
  if (mixing) mixer.endValue(value);
  if (mode == DECODE) store<u8>(at, <u8>value);
  else account(channel, -Math.log2(likelihood), -Math.log2(modelLikelihood));
}

/** One decision: `given` where it is known, which it returns; what the stream says where that is decoded. */
function codeDecision(split: u32, given: bool): bool {
  if (mode == DECODE) return decodeDecision(split);
  if (mode == ENCODE) encodeDecision(split, given);
  if (noting) note(lowOf(split, given), highOf(split, given));
  return given;
}

function account(channel: i32, length: f64, modelLength: f64): void {
  const at = (<usize>channel) << 3;
  store<f64>(bits + at, load<f64>(bits + at) + length);
  store<f64>(modelBits + at, load<f64>(modelBits + at) + modelLength);
}

function note(low: u32, high: u32): void {
  store<u32>(interval, low);
  store<u32>(interval, high, 4);
  interval += 8;
}
