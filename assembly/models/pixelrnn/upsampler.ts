/**
 * The map that a network of Multi-Scale PixelRNN makes of the small image (paper, section 3.6): an unmasked 3x3
 * convolution over the small image with relu, then a deconvolution whose kernel is as large as its stride, so that each
 * pixel of the small image becomes factor x factor pixels of the map, again with relu.
 *
 * Inputs of the convolution: the nine pixels in raster order, channel by channel; in the local frame their difference to
 * the one in the middle, in the absolute one to 128, as the first layer of the network gets differences (`squash`);
 * outside of the small image 0. A sum begins with the bias and goes on in the order of the inputs.
 */
import { dense } from '../../kernels/dense';
import { relu } from '../../kernels/relu';
import { reserveFloats } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';
import { squash } from './frame';
import { bytes, channels, factor, isLocal, mapFeatures } from './layout';
import { smallHeight, smallPixel, smallWidth } from './small';

const TAPS: i32 = 9;
/** What samples are relative to in the absolute frame. */
const MIDDLE: i32 = 128;

let convWeights: usize = 0;
let deconvWeights: usize = 0;
let inputs: usize = 0; // f32[9 C]
let features: usize = 0; // f32[features]
let block: usize = 0; // f32[factor][factor][features], of one pixel of the small image
/** f32[factor][width of the small image * factor][features]: the rows that belong to one of the small image. */
let maps: usize = 0;
let rowBytes: usize = 0;

export function upsamplerWeights(): i32 {
  return (TAPS * channels + 1 + (mapFeatures + 1) * factor * factor) * mapFeatures;
}

export function configureUpsampler(): void {
  inputs = reserveFloats(TAPS * channels);
  features = reserveFloats(mapFeatures);
  block = reserveFloats(factor * factor * mapFeatures);
  const row = (MAX_TILE_WIDTH + factor) * mapFeatures;
  rowBytes = bytes(row);
  maps = reserveFloats(factor * row);
}

/** The tensors are used where they are; returns the address behind them. */
export function prepareUpsampler(from: usize): usize {
  convWeights = from;
  deconvWeights = from + bytes((TAPS * channels + 1) * mapFeatures);
  return from + bytes(upsamplerWeights());
}

/** Makes the map of rows y to y + factor - 1 where y begins such rows. */
export function startRowOfUpsampler(y: i32): void {
  if (y % factor !== 0) return;
  for (let x = 0; x < smallWidth; x++) makeBlock(x, y / factor);
}

/** The map at pixel (x, y), f32[features]. */
export function mapPixel(x: i32, y: i32): usize {
  return maps + <usize>(y % factor) * rowBytes + bytes(x * mapFeatures);
}

/** Of pixel (x, y) of the small image. */
function makeBlock(x: i32, y: i32): void {
  gather(x, y);
  const convBias = convWeights + bytes(TAPS * channels * mapFeatures);
  dense(inputs, TAPS * channels, convWeights, mapFeatures, convBias, features);
  relu(features, features, mapFeatures);
  const outputs = factor * factor * mapFeatures;
  const deconvBias = deconvWeights + bytes(mapFeatures * outputs);
  dense(features, mapFeatures, deconvWeights, outputs, deconvBias, block);
  relu(block, block, outputs);
  const row = bytes(factor * mapFeatures);
  for (let dy = 0; dy < factor; dy++) memory.copy(mapPixel(x * factor, dy), block + <usize>dy * row, row);
}

function gather(x: i32, y: i32): void {
  const centre = smallPixel(x, y);
  let to = inputs;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const isInside = x + dx >= 0 && x + dx < smallWidth && y + dy >= 0 && y + dy < smallHeight;
      const tap = smallPixel(x + dx, y + dy);
      for (let c = 0; c < channels; c++) {
        const origin = isLocal ? <i32>load<u8>(centre + c) : MIDDLE;
        store<f32>(to, isInside ? squash(<i32>load<u8>(tap + c) - origin) : 0);
        to += 4;
      }
    }
  }
}
