import type { FrameHeader } from './frame.js';
import type { HuffmanSpec } from './huffman-spec.js';
import type { ScanHeader } from './scan-header.js';
import type { ScanRecord } from './scan-record.js';

/*
 * The parts that a JPEG file consists of after its SOI marker, in their order. The record stores them; bytes that
 * follow from nothing else are literals, kept apart.
 */

/** Literal bytes with JPEG streams between them. */
export interface LiteralPiece {
  /** Number of literal bytes. */
  readonly length: number;
  /** For each nested JPEG stream: number of literal bytes of the piece before it, in ascending order. */
  readonly nested: readonly number[];
}

/** A Huffman table of a DHT segment. */
export interface HuffmanDefinition {
  /** 0 DC, 1 AC. */
  readonly tableClass: 0 | 1;
  /** 0..3. */
  readonly slot: number;
  /** The table, or 'optimal' for the one that is optimal for the next scan. */
  readonly spec: HuffmanSpec | 'optimal';
}

/** A table of a DQT segment. */
export interface QuantisationDefinition {
  /** 0..3. */
  readonly slot: number;
  /** Whether entries have 16 bits. */
  readonly wide: boolean;
  /** 64 steps in natural order. */
  readonly steps: Uint16Array;
}

/** The fields of a JFIF header without thumbnail. */
export interface JfifHeader {
  /** Minor version, 1.xx. */
  readonly minorVersion: number;
  /** 0 none, 1 dots per inch, 2 dots per cm. */
  readonly units: number;
  readonly xDensity: number;
  readonly yDensity: number;
}

/** Which DHT segments directly before the scan are those that libjpeg writes there, and are not parts themselves. */
export type UsualTables = 'none' | 'standard' | 'optimal';

/** A scan: its header and what is unusual about its data. */
export interface ScanPart {
  readonly kind: 'scan';
  readonly tables: UsualTables;
  readonly header: ScanHeader;
  readonly record: ScanRecord;
}

/** A part of a JPEG file. */
export type JpegPart =
  | { readonly kind: 'end' }
  /** Bytes outside of marker segments. */
  | { readonly kind: 'bytes'; readonly piece: LiteralPiece }
  /** A marker segment with its payload. */
  | { readonly kind: 'segment'; readonly marker: number; readonly piece: LiteralPiece }
  | { readonly kind: 'jfif'; readonly jfif: JfifHeader }
  | { readonly kind: 'quantisation'; readonly tables: readonly QuantisationDefinition[] }
  | { readonly kind: 'huffman'; readonly tables: readonly HuffmanDefinition[] }
  | { readonly kind: 'frame'; readonly frame: FrameHeader }
  /** A DNL segment with the height of the frame. */
  | { readonly kind: 'height' }
  /** A DRI segment. */
  | { readonly kind: 'restart-interval'; readonly mcus: number }
  | ScanPart;
