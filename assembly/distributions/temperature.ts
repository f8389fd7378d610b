/**
 * Sampling at a temperature T other than 1: distributions become narrower (T < 1) or wider. Logits are divided by T;
 * for mixtures of logistics, scales are also multiplied by T. Not part of the format: files are coded at T = 1, which
 * changes nothing.
 */
import { MAX_COMPONENTS } from './mixture-components';

let isOne: bool = true;
let inverse: f32 = 1;
let logarithm: f32 = 0;

const tempered: usize = memory.data(MAX_COMPONENTS * 3 * 4, 16); // f32[3 K]

/** Sets the temperature of all following distributions. */
export function setTemperature(temperature: f64): void {
  isOne = temperature === 1;
  inverse = <f32>(1 / temperature);
  logarithm = <f32>Math.log(temperature);
}

/** Divides f32[count] logits by T, in place; `count` a multiple of 4. */
export function temperLogits(logits: usize, count: i32): void {
  if (isOne) return;
  for (let i: usize = 0; i < (<usize>count) << 2; i += 16) {
    v128.store(logits + i, f32x4.mul(v128.load(logits + i), f32x4.splat(inverse)));
  }
}

/** Returns the address of the mixture's parameters at this temperature, f32[3 K]. The given ones are not changed. */
export function temperMixture(params: usize, components: i32): usize {
  if (isOne) return params;
  const part = (<usize>components) << 2;
  for (let at: usize = 0; at < part; at += 4) {
    store<f32>(tempered + at, load<f32>(params + at) * inverse);
    store<f32>(tempered + part + at, load<f32>(params + part + at));
    store<f32>(tempered + 2 * part + at, load<f32>(params + 2 * part + at) + logarithm);
  }
  return tempered;
}
