/** The code length of each block, measured while encoding if the host asks for it. It has no effect on the stream. */
import { codeLength } from '../coder/encoder';

/** Bytes of a block: the bits of its AC coefficients and of DC, f32[2]. */
export const BITS_BYTES: usize = 8;

export let measuring: bool = false;
/** Code length of the stream up to the last measurement. */
let before: f64 = 0;

/** Chooses whether the next images are measured. */
export function setMeasuring(on: bool): void {
  measuring = on;
}

export function startBits(): void {
  before = 0;
}

/** Stores the bits since the last call at an address, as f32. */
export function storeBits(at: usize): void {
  const now = codeLength();
  store<f32>(at, <f32>max<f64>(0, now - before));
  before = now;
}
