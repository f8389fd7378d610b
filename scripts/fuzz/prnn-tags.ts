/** The tags of open .prnn files (parts.ts), with what they are sealed to. */
export const TAG = {
  /** The header after the magic -> magic, header, check. */
  header: 'h',
  /** The header of a stored source -> magic, header. */
  uncheckedHeader: 'a',
  /** A picture -> picture, check. */
  picture: 'w',
  /** The type and the payload of a chunk -> type, length, payload, check. */
  chunk: 'c',
  /** Type, samples CRC and payload -> type, length of the payload, samples CRC, payload, check. */
  tile: 't',
  /** Type and plain bytes -> a chunk whose payload is Brotli over them. */
  packed: 'b',
  /** Chunks of metadata -> a chunk of metadata. */
  metadata: 'm',
  /** A chunk of small images -> the chunk, check. */
  small: 'l',
  /** A structure, and the literals after it -> a chunk whose payload is Brotli over all records. */
  structure: 'j',
  literals: 'k',
  /** -> these bytes. */
  verbatim: 'v',
  /** The source that a file stores -> source, check over everything from the last check on. */
  source: 's',
} as const;

export const PRNN_TAGS: readonly string[] = Object.values(TAG);
