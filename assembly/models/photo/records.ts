/**
 * The inputs of every pixel of a tile, for training, so that the network learns from exactly what the engine codes
 * with.
 *
 *     record  f32[]  inputs | extras of each channel | predictor A of each channel |
 *                    conditions of all channels but the last | values; channels in coding order
 */
import { configureHistory, movePixel, putChannel, startHistory } from '../../history';
import { SAMPLES, commitReservations, reserveFloats, resetReservations } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';
import {
  CONDITIONS,
  centre,
  configureFeatures,
  extraCount,
  gatherExtras,
  inputCount,
  observeFeatures,
  startFeatures,
  startPixelFeatures,
} from './features';
import { chooseSets } from './predictors';
import { sampleChannel } from './channel-order';

let channels: i32 = 0;
let width: i32 = 0;
let floats: i32 = 0;
let inputs: usize = 0; // f32[inputCount]
let scratch: usize = 0; // f32[CONDITIONS]
let records: usize = 0; // f32[width][floats], of the current row

/**
 * Lays out memory for tiles of this many channels and the predictor sets of a bit mask. Returns the floats of a record, or -2 if memory cannot be allocated.
 */
export function configureRecords(channelCount: i32, predictors: i32): i32 {
  resetReservations();
  chooseSets(predictors);
  channels = channelCount;
  floats = inputCount(channels) + (extraCount() + 2) * channels + CONDITIONS * (channels - 1);
  configureHistory(channels);
  configureFeatures(channels);
  inputs = reserveFloats(inputCount(channels));
  scratch = reserveFloats(CONDITIONS);
  records = reserveFloats(MAX_TILE_WIDTH * floats);
  return commitReservations() ? floats : -2;
}

/** Begins a tile, whose samples are at SAMPLES. */
export function startRecords(tileWidth: i32): void {
  width = tileWidth;
  startHistory(width, 1, 255);
  startFeatures(width);
}

/** Returns the address where `recordRow` writes the records, f32[width][floats]. */
export function recordsAt(): usize {
  return records;
}

/** Computes the records of row y; rows come in order. */
export function recordRow(y: i32): void {
  let to = records;
  const count = inputCount(channels);
  for (let x = 0; x < width; x++) {
    movePixel(x, y);
    startPixelFeatures(x, y, inputs);
    memory.copy(to, inputs, (<usize>count) << 2);
    const extras = to + ((<usize>count) << 2);
    const centres = extras + ((<usize>(extraCount() * channels)) << 2);
    const conditions = centres + ((<usize>channels) << 2);
    const values = conditions + ((<usize>(CONDITIONS * (channels - 1))) << 2);
    for (let c = 0; c < channels; c++) {
      gatherExtras(c, extras + ((<usize>(extraCount() * c)) << 2));
      store<f32>(centres + ((<usize>c) << 2), centre(c));
      const value = <f32>load<u8>(SAMPLES + <usize>((y * width + x) * channels + sampleChannel(c, channels)));
      store<f32>(values + ((<usize>c) << 2), value);
      putChannel(c, value);
      observeFeatures(c, value, c < channels - 1 ? conditions + ((<usize>(CONDITIONS * c)) << 2) : scratch);
    }
    to += (<usize>floats) << 2;
  }
}
