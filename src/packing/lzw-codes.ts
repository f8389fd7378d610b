/** A code has at most 12 bits, in GIF and TIFF. */
export const MAX_CODE_BITS = 12;

/** The forms of LZW in image files. */
export interface LzwVariant {
  /** Whether codes fill bytes from the least significant bit: GIF, and TIFF files before version 5. */
  readonly lsbFirst: boolean;
  /** Whether codes grow one entry before the table needs it: TIFF since version 5. */
  readonly earlyChange: boolean;
  /** Bits of a value, 1 to 8; codes begin with one bit more. */
  readonly valueBits: number;
}

/** LZW of TIFF files (TIFF 6.0, section 13). */
export const TIFF_LZW: LzwVariant = { lsbFirst: false, earlyChange: true, valueBits: 8 };

/** LZW of TIFF files that old versions of libtiff wrote. */
export const OLD_TIFF_LZW: LzwVariant = { lsbFirst: true, earlyChange: false, valueBits: 8 };

/** Returns the LZW of GIF files (GIF89a, appendix F). */
export function gifLzw(valueBits: number): LzwVariant {
  return { lsbFirst: true, earlyChange: false, valueBits };
}

/** Returns the code of `bits` bits at a bit offset, or -1 if the bytes end before it does. */
export function codeAt(bytes: Uint8Array, bit: number, bits: number, lsbFirst: boolean): number {
  if (bit + bits > bytes.length * 8) return -1;
  const at = Math.floor(bit / 8);
  const skipped = bit % 8;
  const [first, second, third] = [bytes[at]!, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0];
  const mask = (1 << bits) - 1;
  if (lsbFirst) return ((first | (second << 8) | (third << 16)) >> skipped) & mask;
  return (((first << 16) | (second << 8) | third) >> (24 - skipped - bits)) & mask;
}
