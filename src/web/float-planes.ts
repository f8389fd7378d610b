import { concatBytes, latin1Bytes, viewOf } from '../bytes.js';

/*
 * Model files as a page may serve them. gzip hardly compresses the f32 values of weights, because their exponents, which
 * are much alike, lie between bytes of noise. In planes of bytes, the files of the default models are 8 % smaller:
 *
 *     8 bytes  the characters "pxplanes"
 *     ...      a safetensors file up to the values: their position less 8 (u64, little endian), a header
 *     ...      4 planes: byte k of each value, little endian, after the sign has become its lowest bit
 */

const MAGIC = latin1Bytes('pxplanes');
/** Length of the field before the header of a safetensors file. */
const LENGTH_BYTES = 8;
const FLOAT_BYTES = 4;

/** Returns a safetensors file with its values in planes. */
export function splitFloats(file: Uint8Array): Uint8Array<ArrayBuffer> {
  const { start, count } = valuesOf(file);
  const planes = new Uint8Array(FLOAT_BYTES * count);
  const view = viewOf(file);
  for (let i = 0; i < count; i++) {
    const bits = view.getUint32(start + FLOAT_BYTES * i, true);
    const rotated = (bits << 1) | (bits >>> 31);
    for (let k = 0; k < FLOAT_BYTES; k++) planes[k * count + i] = rotated >>> (8 * k);
  }
  return concatBytes([MAGIC, file.subarray(0, start), planes]);
}

/** Undoes `splitFloats`; returns any other file as it is. The caller compares the hash of the result. */
export function joinFloats(split: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!MAGIC.every((byte, i) => byte === split[i])) return split;
  const file = split.slice(MAGIC.length);
  const { start, count } = valuesOf(file);
  const planes = split.subarray(MAGIC.length + start);
  const view = viewOf(file);
  for (let i = 0; i < count; i++) {
    let rotated = 0;
    for (let k = 0; k < FLOAT_BYTES; k++) rotated |= planes[k * count + i]! << (8 * k);
    view.setUint32(start + FLOAT_BYTES * i, (rotated >>> 1) | (rotated << 31), true);
  }
  return file;
}

function valuesOf(file: Uint8Array): { readonly start: number; readonly count: number } {
  const start = LENGTH_BYTES + (file.length < LENGTH_BYTES ? 0 : Number(viewOf(file).getBigUint64(0, true)));
  const count = (file.length - start) / FLOAT_BYTES;
  if (count >= 0 && Number.isInteger(count)) return { start, count };
  throw new RangeError('it is no safetensors file of f32 values');
}
