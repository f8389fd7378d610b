import { deflateSync, inflateSync } from 'node:zlib';
import { concatBytes, latin1Bytes, latin1Text } from '#pixrnn/bytes.js';
import { chunkFrame, PNG_SIGNATURE, readChunks } from '#pixrnn/image/png-chunks.js';
import { joinParts, type Part, splitParts } from './parts.js';

/** The tags of open PNG files, with what they are sealed to. */
const TAG = {
  /** Type and data -> the chunk. */
  chunk: 'c',
  /** Type and plain bytes -> a chunk of a zlib stream of them. */
  zlib: 'z',
  /** The plain rows -> two IDAT chunks with their zlib stream. */
  halves: 'y',
  /** Type, keyword, two zero bytes and plain bytes -> a chunk that ends with a zlib stream of these. */
  keyword: 'k',
  /** -> these bytes. */
  verbatim: 'v',
} as const;

export const PNG_TAGS: readonly string[] = Object.values(TAG);

const TYPE_BYTES = 4;
/** Types whose data is a keyword, a zero byte, the method 0 and a zlib stream. */
const WITH_KEYWORD = ['zTXt', 'iCCP'];

/** Returns the open form of a valid PNG file. */
export function openPng(bytes: Uint8Array): Uint8Array {
  const { chunks, trailing } = readChunks(bytes);
  const data = chunks.filter(({ type }) => type === 'IDAT');
  const parts: Part[] = [{ tag: TAG.verbatim, bytes: PNG_SIGNATURE }];
  const add = (tag: string, type: string, plain: Uint8Array): void =>
    void parts.push({ tag, bytes: concatBytes([latin1Bytes(type), plain]) });
  for (const chunk of chunks) {
    const keywordEnd = chunk.data.indexOf(0) + 2;
    if (chunk === data[0]) {
      const rows = inflateSync(concatBytes(data.map((part) => part.data)));
      if (data.length > 1) parts.push({ tag: TAG.halves, bytes: rows });
      else add(TAG.zlib, 'IDAT', rows);
    } else if (WITH_KEYWORD.includes(chunk.type)) {
      const plain = inflateSync(chunk.data.subarray(keywordEnd));
      add(TAG.keyword, chunk.type, concatBytes([chunk.data.subarray(0, keywordEnd), plain]));
    } else if (chunk.type !== 'IDAT') add(TAG.chunk, chunk.type, chunk.data);
  }
  if (trailing.length > 0) parts.push({ tag: TAG.verbatim, bytes: trailing });
  return joinParts(parts);
}

/** Returns the file of an open form, with valid CRCs and zlib streams; input that is no open form as it is. */
export function sealPng(input: Uint8Array): Uint8Array {
  const parts = splitParts(input);
  if (parts === null) return input;
  return concatBytes(parts.flatMap(sealed));
}

function sealed({ tag, bytes }: Part): Uint8Array[] {
  const data = bytes.subarray(TYPE_BYTES);
  switch (tag) {
    case TAG.chunk:
      return chunk(bytes, data);
    case TAG.zlib:
      return chunk(bytes, storedZlib(data));
    case TAG.halves: {
      const stream = storedZlib(bytes);
      const [type, half] = [latin1Bytes('IDAT'), stream.length >> 1];
      return [...chunk(type, stream.subarray(0, half)), ...chunk(type, stream.subarray(half))];
    }
    case TAG.keyword: {
      const end = data.indexOf(0) + 2;
      return chunk(bytes, concatBytes([data.subarray(0, end), storedZlib(data.subarray(end))]));
    }
    default:
      return [bytes];
  }
}

/** Returns a chunk whose type is the first bytes of `start`. */
function chunk(start: Uint8Array, data: Uint8Array): Uint8Array[] {
  if (start.length < TYPE_BYTES) return [start];
  const { head, check } = chunkFrame({ type: latin1Text(start.subarray(0, TYPE_BYTES)), data });
  return [head, data, check];
}

function storedZlib(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes, { level: 0 });
}
