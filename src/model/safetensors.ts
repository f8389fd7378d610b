import { PixrnnError } from '../errors.js';
import { elementCount } from './tensor-shape.js';

/**
 * The safetensors format, f32 and bfloat16 (the upper half of an f32) only: header length (8 bytes, little-endian), JSON
 * header, then the tensors' bytes without gaps. The header is validated against the file's size before anything is allocated.
 */
export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
}

const MAX_HEADER_BYTES = 1 << 20;
/** Maximum file size; the engine cannot hold larger models. */
export const MAX_FILE_BYTES = 1 << 28;

/** Bytes of a value, by dtype. */
const VALUE_BYTES: Readonly<Record<string, number>> = { F32: 4, BF16: 2 };

interface Entry {
  name: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

/**
 * Serialises tensors in the map's order, as bfloat16 if that stores every value exactly. The header is padded with spaces so
 * that the data is aligned to 8 bytes.
 */
export function encodeSafetensors(file: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: file.metadata };
  const dtype = [...file.tensors.values()].every(({ values }) => isBfloat16(values)) ? 'BF16' : 'F32';
  const valueBytes = VALUE_BYTES[dtype] as number;
  let offset = 0;
  for (const [name, { shape, values }] of file.tensors) {
    const end = offset + valueBytes * values.length;
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, 8, 8 + headerBytes);
  bytes.set(json, 8);
  let at = 8 + headerBytes;
  for (const { values } of file.tensors.values()) {
    for (const bits of bitsOf(values)) {
      if (dtype === 'BF16') view.setUint16(at, bits >>> 16, true);
      else view.setUint32(at, bits, true);
      at += valueBytes;
    }
  }
  return bytes;
}

/** Returns the nearest bfloat16 values, ties to even. They must be finite. */
export function toBfloat16(values: Float32Array): Float32Array {
  const rounded = bitsOf(values).map((bits) => (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
  return new Float32Array(rounded.buffer);
}

function isBfloat16(values: Float32Array): boolean {
  return bitsOf(values).every((bits) => (bits & 0xffff) === 0);
}

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** Parses untrusted bytes. Throws `model-invalid` unless they are well-formed, finite tensors without gaps. */
export function decodeSafetensors(bytes: Uint8Array): TensorFile {
  if (bytes.length > MAX_FILE_BYTES) throw invalid(`it is larger than ${MAX_FILE_BYTES} bytes`);
  if (bytes.length < 8) throw invalid('it is shorter than 8 bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES || headerBytes > bytes.length - 8) throw invalid('its header does not fit');
  const { metadata, entries } = parseHeader(bytes.subarray(8, 8 + headerBytes));
  const data = 8 + headerBytes;

  let expected = 0;
  for (const { name, dtype, shape, begin, end } of entries) {
    const size = (VALUE_BYTES[dtype] as number) * elementCount(shape);
    if (begin !== expected || end - begin !== size) throw invalid(`the offsets of tensor ${name} are wrong`);
    expected = end;
  }
  if (expected !== bytes.length - data) throw invalid('the length of its data does not match its tensors');

  const tensors = new Map<string, { shape: number[]; values: Float32Array }>();
  for (const { name, dtype, shape, begin } of entries) {
    const values = new Float32Array(elementCount(shape));
    const bits = bitsOf(values);
    for (let i = 0; i < bits.length; i++) {
      if (dtype === 'BF16') bits[i] = view.getUint16(data + begin + 2 * i, true) << 16;
      else bits[i] = view.getUint32(data + begin + 4 * i, true);
    }
    if (!values.every(Number.isFinite)) throw invalid(`tensor ${name} has a value that is NaN or infinite`);
    tensors.set(name, { shape, values });
  }
  return { metadata, tensors };
}

function parseHeader(bytes: Uint8Array): { metadata: Record<string, string>; entries: Entry[] } {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid('its header is not JSON', cause);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid('its header is not an object');
  const metadata: Record<string, string> = {};
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(json as Record<string, unknown>)) {
    if (typeof value !== 'object' || value === null) throw invalid(`${name} is not an object`);
    if (name === '__metadata__') {
      for (const [key, text] of Object.entries(value)) {
        if (typeof text !== 'string') throw invalid('its metadata contains a value that is not a string');
        metadata[key] = text;
      }
    } else entries.push(parseEntry(name, value as Record<string, unknown>));
  }
  return { metadata, entries: entries.sort((a, b) => a.begin - b.begin) };
}

function parseEntry(name: string, { dtype, shape, data_offsets: offsets }: Record<string, unknown>): Entry {
  const isSize = (n: unknown): n is number =>
    Number.isInteger(n) && (n as number) >= 0 && (n as number) <= MAX_FILE_BYTES;
  if (typeof dtype !== 'string' || !Object.hasOwn(VALUE_BYTES, dtype)) {
    throw invalid(`tensor ${name} is neither F32 nor BF16`);
  }
  if (!Array.isArray(shape) || shape.length > 8 || !shape.every(isSize))
    throw invalid(`tensor ${name} has an invalid shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    throw invalid(`tensor ${name} has invalid offsets`);
  }
  const [begin, end] = offsets as [number, number];
  return { name, dtype, shape, begin, end };
}

function invalid(what: string, cause?: unknown): PixrnnError {
  return new PixrnnError(
    'model-invalid',
    `the model is not a usable safetensors file: ${what}. Download or export it again.`,
    {
      cause,
    },
  );
}
