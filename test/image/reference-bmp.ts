export interface BmpParts {
  width: number;
  height: number;
  bits: number;
  compression?: number;
  /** Size of the info header: 12, 40, 56, 108, 124. */
  version?: number;
  masks?: number[];
  /** Blue, green, red and a padding byte for each colour. */
  palette?: number[];
  used?: number;
  pixels: number[];
  /** After the pixels; an embedded profile in version 124. */
  profile?: string;
}

/** Returns a BMP file, following Microsoft's documentation, written without any code of src/. */
export function referenceBmp(parts: BmpParts): Buffer {
  const { version = 40, masks = [], palette = [], pixels, profile = '' } = parts;
  const info = Buffer.alloc(version);
  info.writeUInt32LE(version, 0);
  if (version === 12) {
    [parts.width, parts.height, 1, parts.bits].forEach((value, i) => info.writeUInt16LE(value, 4 + 2 * i));
  } else {
    info.writeInt32LE(parts.width, 4);
    info.writeInt32LE(parts.height, 8);
    info.writeUInt16LE(1, 12);
    info.writeUInt16LE(parts.bits, 14);
    info.writeUInt32LE(parts.compression ?? 0, 16);
    info.writeInt32LE(3780, 24);
    info.writeInt32LE(2835, 28);
    info.writeUInt32LE(parts.used ?? palette.length / 4, 32);
  }
  const masksAfter = version > 40 ? Buffer.alloc(0) : Buffer.alloc(4 * masks.length);
  masks.forEach((mask, i) => (version > 40 ? info : masksAfter).writeUInt32LE(mask, (version > 40 ? 40 : 0) + 4 * i));
  const start = 14 + version + masksAfter.length + palette.length;
  if (profile !== '') {
    info.write('DEBM', 56, 'latin1'); // "MBED", little-endian
    info.writeUInt32LE(start - 14 + pixels.length, 112);
    info.writeUInt32LE(profile.length, 116);
  }
  const head = Buffer.alloc(14);
  head.write('BM');
  head.writeUInt32LE(start, 10);
  return Buffer.concat([head, info, masksAfter, Buffer.from(palette), Buffer.from(pixels), Buffer.from(profile)]);
}
