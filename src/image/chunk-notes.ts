import { latin1Text, utf8Text } from '../bytes.js';
import type { PngChunk } from './png-chunks.js';
import { unpackMetadata } from './png-metadata.js';

/** Summary of a metadata chunk. */
export interface ChunkNote {
  /** Four letters, or "after IEND" for bytes after the end of the file. */
  readonly type: string;
  /** Size of its data. */
  readonly bytes: number;
  /** For uncompressed text chunks: the keyword and the start of the text, in whatever characters the file uses. */
  readonly keyword?: string;
  readonly text?: string;
}

/** Maximum length of the reported text, in characters. */
const MAX_TEXT = 300;
/** Bytes that contain more than MAX_TEXT characters. The rest, which may be 64 MiB, is not converted. */
const TEXT_BYTES = 4 * (MAX_TEXT + 1);
/** Maximum length of a keyword in a PNG file. */
const MAX_KEYWORD = 79;

/**
 * Returns the chunks in the metadata of `readImage`, in the file's order.
 * @throws PixrnnError 'file-corrupt' for invalid metadata
 */
export async function chunkNotes(metadata: readonly Uint8Array[]): Promise<ChunkNote[]> {
  const sets = await Promise.all(metadata.map(unpackMetadata));
  return sets.flatMap(({ beforeImage, afterImage, trailing }) => [
    ...[...beforeImage, ...afterImage].map(noteOf),
    ...(trailing.length > 0 ? [{ type: 'after IEND', bytes: trailing.length }] : []),
  ]);
}

function noteOf({ type, data }: PngChunk): ChunkNote {
  return { type, bytes: data.length, ...textOf(type, data) };
}

/**
 * Layout of tEXt: keyword, 0, Latin-1 text. Layout of iTXt: keyword, 0, compression flag and method, language, 0,
 * translated keyword, 0, UTF-8 text.
 */
function textOf(type: string, data: Uint8Array): { keyword: string; text: string } | undefined {
  const keywordEnd = data.indexOf(0);
  if (keywordEnd < 0 || keywordEnd > MAX_KEYWORD) return undefined;
  const keyword = latin1Text(data.subarray(0, keywordEnd));
  if (type === 'tEXt') return { keyword, text: truncated(latin1Text(startOf(data, keywordEnd + 1))) };
  if (type !== 'iTXt' || data[keywordEnd + 1] !== 0) return undefined;
  const languageEnd = data.indexOf(0, keywordEnd + 3);
  const start = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  return start < 0 ? undefined : { keyword, text: truncated(utf8Text(startOf(data, start + 1))) };
}

function startOf(data: Uint8Array, from: number): Uint8Array {
  return data.subarray(from, from + TEXT_BYTES);
}

/** Truncates to whole code points. */
function truncated(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  return `${Array.from(text.slice(0, 2 * MAX_TEXT))
    .slice(0, MAX_TEXT)
    .join('')}…`;
}
