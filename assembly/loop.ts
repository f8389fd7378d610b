/**
 * The one loop: for each row, pixel and channel the model predicts, the coder codes, the model observes.
 * Encoder, decoder and measurement differ in one call.
 */
import * as decoder from './coder/decoder';
import * as encoder from './coder/encoder';
import { codeLength, cumulative, findSymbol, foundLow, frequencies256 } from './coder/frequencies';
import { softmax256 } from './kernels/softmax';
import { INTERVALS, MAX_CHANNELS, SAMPLES, STREAM, STREAM_CAPACITY } from './memory';
import * as model from './models/model';

export const ENCODE: i32 = 0;
export const DECODE: i32 = 1;
export const MEASURE: i32 = 2;

const logits: usize = memory.data(256 * 4, 16); // f32[256]; after the softmax the exponentials
const counts: usize = memory.data(256 * 4, 16); // u32[256]
/** Bits by the model's own likelihood, f64[channels]. */
const bits: usize = memory.data(MAX_CHANNELS * 8, 16);

let mode: i32 = ENCODE;
let width: i32 = 0;
let channels: i32 = 0;
/** Where the interval of the next symbol is noted. */
let interval: usize = 0;

/** Begins a tile. In `DECODE`, `streamLength` bytes stand at STREAM; in the other modes the samples at SAMPLES. */
export function start(newMode: i32, tileWidth: i32, channelCount: i32, streamLength: i32): void {
  mode = newMode;
  width = tileWidth;
  channels = channelCount;
  memory.fill(bits, 0, MAX_CHANNELS * 8);
  if (mode == ENCODE) encoder.start(STREAM, STREAM_CAPACITY);
  if (mode == DECODE) decoder.start(STREAM, streamLength);
  model.startTile(width);
}

/** Codes rows `from` to `to` - 1, which follow the ones coded before. */
export function codeRows(from: i32, to: i32): void {
  let at = SAMPLES + <usize>from * <usize>(width * channels);
  for (let y = from; y < to; y++) {
    interval = INTERVALS;
    for (let x = 0; x < width; x++) {
      model.startPixel(x, y);
      for (let c = 0; c < channels; c++) {
        const centre = model.predict(c, logits);
        const sum = softmax256(logits, logits);
        if (mode == DECODE) store<u8>(at, (centre + decodeClass(sum)) & 255);
        else codeClass((<i32>load<u8>(at) - centre) & 255, c, sum);
        model.observe(c, load<u8>(at));
        at++;
      }
    }
  }
}

/** Ends an encoded stream; returns its length in bytes, or -1 where it became longer than the raw samples may be. */
export function finish(): i32 {
  const length = encoder.finish();
  return encoder.overflowed() ? -1 : length;
}

/** Bits that the model gave to channel c since `start`, in `ENCODE` and `MEASURE`: -log2 of its probabilities. */
export function codeLengthOf(c: i32): f64 {
  return load<f64>(bits + ((<usize>c) << 3));
}

/** Accounts for class k of channel c and, when encoding, writes it. */
function codeClass(k: i32, c: i32, sum: f32): void {
  const total = bits + ((<usize>c) << 3);
  store<f64>(total, load<f64>(total) + codeLength(logits, sum, k));
  if (mode != ENCODE) return;
  frequencies256(logits, sum, counts);
  const low = cumulative(counts, k);
  const high = low + load<u32>(counts + ((<usize>k) << 2));
  encoder.encode(low, high);
  store<u32>(interval, low);
  store<u32>(interval, high, 4);
  interval += 8;
}

function decodeClass(sum: f32): i32 {
  frequencies256(logits, sum, counts);
  const k = findSymbol(counts, decoder.target());
  decoder.consume(foundLow, foundLow + load<u32>(counts + ((<usize>k) << 2)));
  return k;
}
