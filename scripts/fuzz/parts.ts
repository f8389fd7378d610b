/*
 * The open form of a file that has checksums: its parts without lengths, checks and compression, each after a mark and a
 * tag. Bytes that are inserted or removed in a part leave the others intact, and sealing (seal-prnn.ts, png-parts.ts)
 * computes what the file needs around them. What is before the first mark is ignored; input without a mark is a file as
 * it is.
 */

const MARK = Buffer.from([0xf5, 0x9a, 0x70, 0x74]);

/** A part of an open file. */
export interface Part {
  /** How the part is sealed: a character. */
  readonly tag: string;
  readonly bytes: Uint8Array;
}

/** Returns the open form of parts. */
export function joinParts(parts: readonly Part[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.flatMap(({ tag, bytes }) => [MARK, Buffer.from(tag, 'latin1'), bytes])));
}

/** Returns the parts of an open file; null for a file as it is. */
export function splitParts(input: Uint8Array): Part[] | null {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length);
  const first = bytes.indexOf(MARK);
  if (first < 0) return null;
  const parts: Part[] = [];
  for (let start = first + MARK.length; start < bytes.length;) {
    const found = bytes.indexOf(MARK, start);
    const end = found < 0 ? bytes.length : found;
    if (end > start) parts.push({ tag: String.fromCharCode(bytes[start]!), bytes: input.subarray(start + 1, end) });
    start = end + MARK.length;
  }
  return parts;
}

/** Marks for a dictionary of the fuzzing engine, one for each tag. */
export function marksOf(tags: readonly string[]): Uint8Array[] {
  return tags.map((tag) => Buffer.concat([MARK, Buffer.from(tag, 'latin1')]));
}
