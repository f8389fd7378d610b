/**
 * The map that a Multi-Scale PixelRNN computes from the small image (paper, section 3.6): an unmasked 3x3 convolution
 * over the small image with relu, then a deconvolution whose kernel size equals its stride, so that each pixel of the
 * small image becomes factor x factor pixels of the map, again with relu.
 *
 * Inputs of the convolution: the nine pixels in raster order, channel by channel, as differences from the middle one in
 * the local frame and from 128 in the absolute one, squashed like the inputs of the first layer (`squash`); 0 outside
 * the small image. A sum starts with the bias and adds the inputs in order.
 */
import { dense } from '../../kernels/dense';
import { relu } from '../../kernels/relu';
import { reserveFloats } from '../../memory';
import { MAX_TILE_WIDTH } from '../../tile-limits';
import { squash } from './frame';
import { bytes, channels, factor, isLocal, mapFeatures } from './layout';
import { smallHeight, smallPixel, smallWidth } from './small';

const TAPS: i32 = 9;
/** The value that samples are relative to in the absolute frame. */
const MIDDLE: i32 = 128;

let convWeights: usize = 0;
let deconvWeights: usize = 0;
let inputs: usize = 0; // f32[9 C]
let features: usize = 0; // f32[features]
let block: usize = 0; // f32[factor][factor][features], of one pixel of the small image
/** f32[factor][width of the small image * factor][features]: the rows of the map for one row of the small image. */
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

/** Uses the tensors in place. Returns the address after them. */
export function prepareUpsampler(from: usize): usize {
  convWeights = from;
  deconvWeights = from + bytes((TAPS * channels + 1) * mapFeatures);
  return from + bytes(upsamplerWeights());
}

/** Computes the map of rows y to y + factor - 1, if y is the first of such rows. */
export function startRowOfUpsampler(y: i32): void {
  if (y % factor !== 0) return;
  for (let x = 0; x < smallWidth; x++) makeBlock(x, y / factor);
}

/** Returns the address of the map at pixel (x, y), f32[features]. */
export function mapPixel(x: i32, y: i32): usize {
  return maps + <usize>(y % factor) * rowBytes + bytes(x * mapFeatures);
}

/** Computes the block of pixel (x, y) of the small image. */
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
