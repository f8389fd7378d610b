/** The families of decisions, and the progress through the current block that their contexts use. */
import { FAMILY_BYTES, Family, reserveFamily, startFamily } from './family';

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

/** Reserves the families for an effort. */
export function reserveFamilies(effort: i32): void {
  regressing = effort > 1;
  const more = regressing ? 1 : 0;
  reserveFamily(endFamily, 16, 14, 0, 3 * 256, 64, 64, 64, 64, 192, 4096);
  reserveFamily(zeroFamily, 24 + 4 * more, 17, 0, 192, 400, 400, 512, 192, 2048, 2048);
  reserveFamily(signFamily, 12 + 8 * more, 16, 0, 192, 400, 200, 64, 192, 2048, 4096);
  reserveFamily(magnitudeFamily, 16 + 4 * more, 14, 3, 192 * 8, 400, 400, 128, 8, 1024, 512);
  reserveFamily(remainderFamily, 8 + 4 * more, 12, 3, 192 * 8, 128, 400, 128, 8, 128, 512);
  reserveFamily(dcZeroFamily, 12, 14, 0, 3, 64, 64, 64, 3, 64, 64);
  reserveFamily(dcSignFamily, 12, 14, 0, 3, 64, 64, 64, 3, 64, 64);
  reserveFamily(dcMagnitudeFamily, 12, 12, 4, 48, 1024, 256, 16, 16, 768, 1024);
  reserveFamily(dcRemainderFamily, 12, 12, 3, 24, 512, 128, 8, 8, 384, 512);
}

export function startFamilies(): void {
  startFamily(endFamily);
  startFamily(zeroFamily);
  startFamily(signFamily);
  startFamily(magnitudeFamily);
  startFamily(remainderFamily);
  startFamily(dcZeroFamily);
  startFamily(dcSignFamily);
  startFamily(dcMagnitudeFamily);
  startFamily(dcRemainderFamily);
}
