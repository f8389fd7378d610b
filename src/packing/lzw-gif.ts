import { concatBytes, equalBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { gifLzw } from './lzw-codes.js';
import { describeLzw, rebuildLzw } from './lzw.js';

/*
 * The image data of a GIF file: the bits of a value, then LZW codes in blocks of up to 255 bytes, each after its
 * length, then an empty block.
 */

/** Describes image data from its first byte to the empty block; null as for `describeLzw`, or if it is malformed. */
export function describeGifLzw(stream: Uint8Array, values: Uint8Array): Uint8Array | null {
  const valueBits = stream[0] ?? 0;
  const codes = valueBits >= 1 && valueBits <= 8 ? joinBlocks(stream) : null;
  const lzw = codes && describeLzw(codes, values, gifLzw(valueBits));
  if (!lzw) return null;
  const blockBytes = stream[1]!;
  if (!equalBytes(cutBlocks(valueBits, codes, blockBytes), stream)) return null;
  return concatBytes([Uint8Array.of(blockBytes), lzw]);
}

/**
 * Rebuilds image data.
 * @throws PixrnnError 'file-corrupt' as `rebuildLzw` does
 */
export function rebuildGifLzw(description: Uint8Array, values: Uint8Array, maxBytes: number): Uint8Array {
  const [blockBytes = 0] = description;
  const lzw = description.subarray(1);
  const codes = rebuildLzw(lzw, values, maxBytes);
  const stream = blockBytes > 0 ? cutBlocks(lzw[1]!, codes, blockBytes) : null;
  if (stream && stream.length <= maxBytes) return stream;
  const what = 'the description of GIF image data is malformed';
  throw new PixrnnError('file-corrupt', `the .prnn file is damaged: ${what}. Get the file again.`);
}

/** Returns the content of all blocks; null unless the stream ends with its first empty block. */
function joinBlocks(stream: Uint8Array): Uint8Array | null {
  const blocks: Uint8Array[] = [];
  let at = 1;
  for (; at < stream.length && stream[at] !== 0; at += 1 + stream[at]!)
    blocks.push(stream.subarray(at + 1, at + 1 + stream[at]!));
  return at === stream.length - 1 ? concatBytes(blocks) : null;
}

function cutBlocks(valueBits: number, codes: Uint8Array, blockBytes: number): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(valueBits)];
  for (let at = 0; at < codes.length; at += blockBytes) {
    const block = codes.subarray(at, at + blockBytes);
    parts.push(Uint8Array.of(block.length), block);
  }
  return concatBytes([...parts, Uint8Array.of(0)]);
}
