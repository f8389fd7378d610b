/**
 * Training of the start weights (scripts/jpeg-start.ts): after an image has been coded, its weights become the start of
 * the next one. Takes no part in coding.
 */
import { Family } from './family';
import { keepNetworks } from './network';
import { FAMILIES, familyAt, networking, weightsOfEffort } from './state';

/** Learning steps up to which a vector counts towards the mean of its set. */
const MAX_AGE: f32 = 3000;

/** Writes the mean of each set of vectors, weighted by their learning steps, and the networks to the start weights. */
export function keepStart(): void {
  let to = weightsOfEffort();
  for (let i = 0; i < FAMILIES; i++) {
    const family = familyAt(i);
    let first: u32 = 0;
    for (let s = 0; s < 4; s++) {
      const count = s === 0 ? family.size0 : s === 1 ? family.size1 : s === 2 ? family.size2 : family.size3;
      keepSet(family, first, count, to);
      first += count;
      to += family.vectorBytes >> 1;
    }
  }
  if (networking) keepNetworks();
}

/** Sets of which no vector has learned keep their start. */
function keepSet(family: Family, first: u32, count: u32, to: usize): void {
  let steps: f64 = 0;
  for (let v = first; v < first + count; v++) steps += <f64>stepsOf(family, v);
  if (steps === 0) return;
  for (let i: usize = 0; i < family.vectorBytes; i += 4) {
    let sum: f64 = 0;
    for (let v = first; v < first + count; v++) {
      sum += <f64>stepsOf(family, v) * <f64>load<f32>(family.weights + <usize>v * family.vectorBytes + i);
    }
    store<i16>(to + (i >> 1), <i16>nearest<f64>(max<f64>(-32767, min<f64>(32767, (sum / steps) * 4096))));
  }
}

function stepsOf(family: Family, vector: u32): f32 {
  return min<f32>(MAX_AGE, load<f32>(family.ages + ((<usize>vector) << 2)));
}
