/** The families of decisions, and the progress through the current block that their contexts use. */
import { FAMILY_BYTES, Family, reserveFamily, startFamily } from './family';
import { WEIGHTS_1, WEIGHTS_2, WEIGHTS_3 } from './start-weights';

export const endFamily = changetype<Family>(memory.data(FAMILY_BYTES, 16));
export const zeroFamily = changetype<Family>(memory.data(FAMILY_BYTES, 16));
export const signFamily = changetype<Family>(memory.data(FAMILY_BYTES, 16));
export const magnitudeFamily = changetype<Family>(memory.data(FAMILY_BYTES, 16));
export const remainderFamily = changetype<Family>(memory.data(FAMILY_BYTES, 16));
export const dcZeroFamily = changetype<Family>(memory.data(FAMILY_BYTES, 16));
export const dcSignFamily = changetype<Family>(memory.data(FAMILY_BYTES, 16));
export const dcMagnitudeFamily = changetype<Family>(memory.data(FAMILY_BYTES, 16));
export const dcRemainderFamily = changetype<Family>(memory.data(FAMILY_BYTES, 16));

/** Whether the least squares take part. */
export let regressing: bool = false;

/** Whether the network takes part. */
export let networking: bool = false;

/** Reserves the families for an effort and a number of blocks. */
export function reserveFamilies(effort: i32, blocks: i32): void {
  regressing = effort > 1;
  networking = effort > 2;
  // Tables grow with the image up to a size; a small image does not touch, or clear, much memory.
  const bits = 32 - clz<u32>(blocks);
  const small = <u32>min(14, bits + 4);
  const lines = <u32>min(12, bits + 1);
  const zeroBits = <u32>min(17, bits + 6);
  const signBits = <u32>min(16, bits + 6);
  const classBits = <u32>min(14, bits + 4);
  reserveFamily(endFamily, 16, <u32>min(14, bits + 5), 0, 3 * 256, 64, 64, 64, 64, 192, 4096);
  reserveFamily(zeroFamily, regressing ? 28 : 16, zeroBits, 0, 192, 400, 400, 512, 192, 2048, 2048);
  reserveFamily(signFamily, regressing ? 20 : 8, signBits, 0, 192, 400, 200, 64, 192, 2048, 4096);
  reserveFamily(magnitudeFamily, regressing ? 20 : 12, classBits, 3, 192 * 8, 400, 400, 128, 8, 1024, 512);
  reserveFamily(remainderFamily, regressing ? 12 : 8, <u32>min(12, bits + 3), 3, 192 * 8, 128, 400, 128, 8, 128, 512);
  reserveFamily(dcZeroFamily, 12, small, 0, 3, 64, 64, 64, 3, 64, 64);
  reserveFamily(dcSignFamily, 12, small, 0, 3, 64, 64, 64, 3, 64, 64);
  reserveFamily(dcMagnitudeFamily, 12, lines, 4, 48, 1024, 256, 16, 16, 768, 1024);
  reserveFamily(dcRemainderFamily, 12, lines, 3, 24, 512, 128, 8, 8, 384, 512);
}

export const FAMILIES: i32 = 9;

/** Returns family number i, in the order of their start weights. */
export function familyAt(i: i32): Family {
  switch (i) {
    case 0:
      return endFamily;
    case 1:
      return zeroFamily;
    case 2:
      return signFamily;
    case 3:
      return magnitudeFamily;
    case 4:
      return remainderFamily;
    case 5:
      return dcZeroFamily;
    case 6:
      return dcSignFamily;
    case 7:
      return dcMagnitudeFamily;
    default:
      return dcRemainderFamily;
  }
}

/** Returns the start weights of all families at the current effort. */
export function weightsOfEffort(): usize {
  return networking ? WEIGHTS_3 : regressing ? WEIGHTS_2 : WEIGHTS_1;
}

/** Sets the families to their start. */
export function startFamilies(): void {
  let start = weightsOfEffort();
  for (let i = 0; i < FAMILIES; i++) {
    startFamily(familyAt(i), start);
    start += 2 * familyAt(i).vectorBytes;
  }
}
