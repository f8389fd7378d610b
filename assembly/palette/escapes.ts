/**
 * Codes colours that are not a candidate, sample by sample and bit by bit: alpha first, then green, red, blue; each
 * sample from its highest bit down.
 */
import { ESCAPE_APMS, decide } from './decision';
import { guessInputs, learnGuesses, openGuesses, startGuesses } from './guesses';
import { fold, spread } from './hash';
import { matched } from './matches';
import { BIAS, ESCAPE_SECONDS, ESCAPE_VECTORS, chooseSecond, chooseWeights, extraInputs } from './mixing';
import { sampleOf } from './palette';
import { N, NE, NW, W, WW } from './pixels';
import { recent } from './recent';
import { CONTEXTS, hashes } from './slots';

const states: usize = memory.data(CONTEXTS * 4, 16);
/** The channels in coding order, for 1 to 4 channels. */
const ORDER: usize = memory.data<u8>([0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 2, 0, 3, 1, 0, 2]);

/** Number of grades of a difference. */
const GRADES: i32 = 6;

let channels: i32 = 0;
let depth: i32 = 0;
let maxSample: i32 = 0;

export function startEscapes(channelCount: i32, sampleDepth: i32): void {
  channels = channelCount;
  depth = sampleDepth;
  maxSample = (1 << depth) - 1;
  startGuesses(depth);
}

/**
 * Codes a colour and returns it.
 * @param colour of the pixel; ignored when decoding
 */
export function codeColour(colour: u64): u64 {
  let coded: u64 = 0;
  let known: u32 = 0;
  // The previous channel's sample, W, N and gradient.
  let v = 0;
  let w = 0;
  let n = 0;
  let g = 0;
  for (let j = 0; j < channels; j++) {
    const c = <i32>load<u8>(ORDER + <usize>(((channels - 1) << 2) + j));
    const west = sampleOf(W, c);
    const north = sampleOf(N, c);
    const northWest = sampleOf(NW, c);
    const northEast = sampleOf(NE, c);
    const westWest = sampleOf(WW, c);
    const gradient = bound(west + north - northWest);
    const shiftedW = bound(west + v - w);
    const shiftedN = bound(north + v - n);
    const shiftedG = bound(gradient + v - g);
    const k = fold(known, <u32>j + 100);
    setState(0, k);
    setState(1, fold(fold(k, W), 1));
    setState(2, fold(fold(k, N), 2));
    setState(3, fold(fold(fold(k, W), N), 3));
    setState(4, fold(fold(fold(fold(fold(k, W), N), NW), NE), 4));
    setState(5, fold(fold(fold(fold(j, west), north), shiftedW), 5));
    setState(6, fold(fold(fold(j, gradient), v - g), 6));
    setState(7, fold(fold(j, shiftedW), 7));
    setState(8, fold(fold(j, shiftedN), 8));
    setState(9, fold(fold(j, (shiftedW + shiftedN + 1) >> 1), 9));
    setState(10, fold(fold(fold(k, NE), matched(1)), 10));
    setState(11, fold(j, 11));
    setState(12, fold(fold(j, shiftedG), 12));
    setState(13, fold(fold(fold(fold(j, west), westWest), shiftedW), 13));
    setState(14, fold(fold(fold(fold(j, northEast), shiftedN), west), 14));
    setState(15, fold(fold(fold(k, matched(0)), recent(0, 0)), 15));
    const unrest = grade(abs(west - northWest) + abs(north - northWest) + abs(north - northEast));
    const missed = j === 0 ? 0 : grade(abs(v - g));
    const middle = j === 0 ? (west + north) >> 1 : gradient;
    openGuesses(shiftedG, middle, shiftedW, shiftedN, (j << 4) | min(2 * unrest + min(missed, 2), 15));
    let node: u32 = 1;
    let step: u32 = 1;
    const sample = (<u32>(colour >> ((<u64>c) << 4))) & 0xffff;
    for (let bit = depth - 1; bit >= 0; bit--) {
      const turn = depth - 1 - bit;
      // The slots of four bits are in one cache line of each context.
      if ((turn & 3) === 0) {
        for (let i: usize = 0; i < <usize>CONTEXTS * 4; i += 4) {
          store<u32>(hashes + i, spread(fold(load<u32>(states + i), node)));
        }
        step = 1;
      }
      const place = min(turn, 7);
      chooseWeights(0, ESCAPE_VECTORS + (min(j, 1) << 1) + <i32>(2 * bit < depth));
      chooseWeights(1, ESCAPE_VECTORS + ((j * GRADES + unrest) << 3) + place);
      chooseWeights(2, ESCAPE_VECTORS + ((j * GRADES + missed) << 3) + place);
      chooseSecond(ESCAPE_SECONDS + place);
      store<f32>(extraInputs, BIAS);
      guessInputs(<i32>(node << (bit + 1)) - (1 << depth), 1 << bit, extraInputs + 16);
      const apm0 = ESCAPE_APMS + ((j << 4) | turn);
      const apm1 = ESCAPE_APMS + min(<i32>node, 511);
      const one = decide(((sample >> bit) & 1) !== 0, 2 + min(j, 1), apm0, apm1, ESCAPE_VECTORS, step);
      node = (node << 1) | (<u32>one);
      step = (step << 1) | (<u32>one);
    }
    v = <i32>(node - (1 << depth));
    learnGuesses(v);
    // Colours do not depend on their alpha.
    const isAlpha = (channels & 1) === 0 && j === 0;
    w = west;
    n = north;
    g = gradient;
    if (isAlpha) {
      w = v;
      n = v;
      g = v;
    }
    known = fold(known, <u32>v + 1);
    coded |= (<u64>v) << ((<u64>c) << 4);
  }
  return coded;
}

function bound(v: i32): i32 {
  return max(0, min(maxSample, v));
}

/** Returns the magnitude of a difference at 8 bits, 0 to 5. */
function grade(difference: i32): i32 {
  const d = depth > 8 ? difference >> (depth - 8) : difference;
  return d === 0 ? 0 : d < 3 ? 1 : d < 8 ? 2 : d < 20 ? 3 : d < 60 ? 4 : 5;
}

function setState(i: i32, h: u32): void {
  store<u32>(states + ((<usize>i) << 2), h);
}
