/*
 * The first byte of a payload of luma and chroma or of JPEG coefficients: bits 0-5 are the number of the origin, bits 6 and 7
 * the phases of columns and rows (docs/format/origins.md).
 */

const NUMBER_MASK = 0x3f;
const PHASE_X = 0x40;
const PHASE_Y = 0x80;

/** @param phase each 0 or 1 */
export function encodeOriginByte(number: number, phase: { readonly x: number; readonly y: number }): number {
  return number | (phase.x ? PHASE_X : 0) | (phase.y ? PHASE_Y : 0);
}

export function decodeOriginByte(byte: number) {
  return { number: byte & NUMBER_MASK, phase: { x: byte & PHASE_X ? 1 : 0, y: byte & PHASE_Y ? 1 : 0 } } as const;
}
