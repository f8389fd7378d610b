const word = (value: number): number[] => [value & 255, value >> 8];

export interface GifParts {
  x?: number;
  y?: number;
  width: number;
  height: number;
  indices: number[];
  interlaced?: boolean;
  transparent?: number;
  palette?: number[];
}

/** LZW that clears its table before it would grow: indices of 7 bits in codes of 8. */
function lzw(indices: number[]): number[] {
  const codes = indices.flatMap((index, i) => (i % 64 === 0 ? [128, index] : [index]));
  const bytes = [...codes, 129];
  return [7, ...gifBlocks(bytes)];
}

/** Returns data split into blocks. */
export function gifBlocks(bytes: number[]): number[] {
  const parts: number[] = [];
  for (let i = 0; i < bytes.length; i += 255) {
    const part = bytes.slice(i, i + 255);
    parts.push(part.length, ...part);
  }
  return [...parts, 0];
}

/** Returns a GIF file, following the specification, written without any code of src/. */
export function referenceGif(
  width: number,
  height: number,
  frames: GifParts[],
  extensions: number[] = [],
  colours = 128,
): Buffer {
  const size = Math.log2(colours) - 1;
  const palette = Array.from({ length: 3 * colours }, (_, i) => (i * 7) & 255);
  const images = frames.flatMap(({ x = 0, y = 0, transparent, interlaced, palette: own, ...frame }) => [
    ...(transparent === undefined ? [] : [0x21, 0xf9, 4, 1, 0, 0, transparent, 0]),
    ...[0x2c, ...word(x), ...word(y), ...word(frame.width), ...word(frame.height)],
    (interlaced ? 0x40 : 0) | (own ? 0x80 | (Math.log2(own.length / 3) - 1) : 0),
    ...(own ?? []),
    ...lzw(frame.indices),
  ]);
  const head = [...Buffer.from('GIF89a'), ...word(width), ...word(height), 0x80 | size, 0, 0, ...palette];
  return Buffer.from([...head, ...extensions, ...images, 0x3b]);
}
