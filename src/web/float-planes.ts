import { concatBytes, latin1Bytes, latin1Text, viewOf } from '../bytes.js';

/*
 * Model files as a page may serve them. gzip hardly compresses the f32 values of weights, because their exponents, which
 * are much alike, lie between bytes of noise. In planes of bytes, the files of the default models are 8 % smaller:
 *
 *     8 bytes  the characters "pxplanes"
 *     ...      a safetensors file up to the values: their position less 8 (u64, little endian), a header
 *     ...      4 planes, or 2 of bfloat16: byte k of each value, little endian, after the sign has become its lowest bit
 */

const MAGIC = latin1Bytes('pxplanes');
/** Length of the field before the header of a safetensors file. */
const LENGTH_BYTES = 8;
/** What the header of a file of bfloat16 values contains. */
const BFLOAT16 = '"BF16"';

/** Returns a safetensors file with its values in planes. */
export function splitFloats(file: Uint8Array): Uint8Array<ArrayBuffer> {
  const { start, size, count } = valuesOf(file);
  const planes = new Uint8Array(size * count);
  const view = viewOf(file);
  for (let i = 0; i < count; i++) {
    const at = start + size * i;
    const bits = size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
    const rotated = (bits << 1) | (bits >>> (8 * size - 1));
    for (let k = 0; k < size; k++) planes[k * count + i] = rotated >>> (8 * k);
  }
  return concatBytes([MAGIC, file.subarray(0, start), planes]);
}

/** Undoes `splitFloats`; returns any other file as it is. The caller compares the hash of the result. */
export function joinFloats(split: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!MAGIC.every((byte, i) => byte === split[i])) return split;
  const file = split.slice(MAGIC.length);
  const { start, size, count } = valuesOf(file);
  const planes = split.subarray(MAGIC.length + start);
  const view = viewOf(file);
  for (let i = 0; i < count; i++) {
    let rotated = 0;
    for (let k = 0; k < size; k++) rotated |= planes[k * count + i]! << (8 * k);
    const bits = (rotated >>> 1) | (rotated << (8 * size - 1));
    if (size === 2) view.setUint16(start + size * i, bits, true);
    else view.setUint32(start + size * i, bits, true);
  }
  return file;
}

function valuesOf(file: Uint8Array): { readonly start: number; readonly size: 2 | 4; readonly count: number } {
  const start = LENGTH_BYTES + (file.length < LENGTH_BYTES ? 0 : Number(viewOf(file).getBigUint64(0, true)));
  const size = latin1Text(file.subarray(LENGTH_BYTES, start)).includes(BFLOAT16) ? 2 : 4;
  const count = (file.length - start) / size;
  if (count >= 0 && Number.isInteger(count)) return { start, size, count };
  throw new RangeError('it is no safetensors file of f32 or bfloat16 values');
}
