/** A field of a TIFF directory: SHORT, LONG or bytes; absent if it has no values. */
export type Field = [tag: number, type: 3 | 4 | 7, values: number[]];

const LENGTHS = { 3: 2, 4: 4, 7: 1 };

export interface TiffParts {
  width: number;
  height: number;
  bits: number;
  /** 0 gray with white at 0, 1 gray, 2 RGB, 3 palette. */
  photometric: number;
  channels?: number;
  /** Uncompressed rows in the order of the file. */
  data: number[];
  fields?: Field[];
  bigEndian?: boolean;
}

/**
 * Returns a TIFF 6.0 file of one or several images, written without any code of src/. Later fields replace earlier
 * ones.
 */
export function referenceTiff(...images: TiffParts[]): Buffer {
  const bigEndian = images[0]!.bigEndian ?? false;
  const number = (value: number, bytes: number): number[] => {
    const little = Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) & 255);
    return bigEndian ? little.reverse() : little;
  };
  const file = [...Buffer.from(bigEndian ? 'MM' : 'II'), ...number(42, 2), 0, 0, 0, 0];
  let pointer = 4;
  for (const { width, height, bits, photometric, channels = 1, data, fields = [] } of images) {
    const strip = file.length;
    file.push(...data, ...(data.length % 2 ? [0] : []));
    const all = new Map<number, Field>();
    const standard: Field[] = [
      [256, 4, [width]],
      [257, 4, [height]],
      [258, 3, Array.from({ length: channels }, () => bits)],
      [259, 3, [1]],
      [262, 3, [photometric]],
      [273, 4, [strip]],
      [277, 3, [channels]],
      [278, 4, [height]],
      [279, 4, [data.length]],
    ];
    for (const field of [...standard, ...fields]) all.set(field[0], field);
    const entries = [...all.values()]
      .filter(([, , values]) => values.length > 0)
      .sort((a, b) => a[0] - b[0])
      .map(([tag, type, values]) => {
        const bytes = values.flatMap((value) => number(value, LENGTHS[type]));
        const head = [...number(tag, 2), ...number(type, 2), ...number(values.length, 4)];
        if (bytes.length <= 4) return [...head, ...bytes, ...Array<number>(4 - bytes.length).fill(0)];
        const at = file.length;
        file.push(...bytes, ...(bytes.length % 2 ? [0] : []));
        return [...head, ...number(at, 4)];
      });
    file.splice(pointer, 4, ...number(file.length, 4));
    file.push(...number(entries.length, 2), ...entries.flat());
    pointer = file.length;
    file.push(0, 0, 0, 0);
  }
  return Buffer.from(file);
}
