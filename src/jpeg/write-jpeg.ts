import { concatBytes } from '../bytes.js';
import { BitWriter } from './bit-writer.js';
import { type MaskedImage, masksOf } from './block-masks.js';
import { encodeScan, type ScanOutput } from './encode-scan.js';
import { corruptRecord } from './faults.js';
import { frameBytes, type FrameHeader } from './frame.js';
import { EncodingTable } from './huffman-encoding.js';
import { MAX_CODE_BITS } from './huffman-spec.js';
import { optimalTable } from './huffman-optimal.js';
import { STANDARD_TABLES } from './huffman-standard.js';
import { MARKER, segmentBytes } from './markers.js';
import { checkShape } from './outline.js';
import type { ParsedJpeg } from './parsed-jpeg.js';
import type { HuffmanDefinition, JpegPart, LiteralPiece, ScanPart } from './parts.js';
import { scanHeaderBytes, type ScanHeader } from './scan-header.js';
import { ScanProgress } from './scan-progress.js';
import { type GivenTable, huffmanBytes, jfifBytes, quantisationBytes } from './segments.js';
import { readStructure } from './structure-reader.js';
import { usualTables } from './usual-tables.js';

const MAX_PAYLOAD = 65_533;
const SLOTS = 4;
const NOTHING = new Uint8Array(0);
const NO_CODES = { counts: new Uint8Array(MAX_CODE_BITS), symbols: NOTHING };

/**
 * Rebuilds a JPEG file.
 * @throws PixrnnError 'file-corrupt' if the record is malformed or does not fit the image
 */
export function writeJpeg(parsed: ParsedJpeg): Uint8Array {
  return concatBytes(new JpegWriter(parsed).write());
}

interface WaitingSegment {
  readonly at: number;
  readonly tables: readonly HuffmanDefinition[];
}

class JpegWriter {
  private readonly out: Uint8Array[] = [Uint8Array.of(0xff, MARKER.SOI)];
  private readonly image: MaskedImage;
  private readonly writer = new BitWriter();
  private frame: FrameHeader | null = null;
  private progress: ScanProgress | null = null;
  private restartInterval = 0;
  /** By class and number. */
  private readonly tables: (EncodingTable | undefined)[][] = STANDARD_TABLES.map((specs) =>
    specs.map((spec) => EncodingTable.of(spec)),
  );
  /** DHT segments that wait for the statistics of the next scan, and their indices in `out`. */
  private waiting: WaitingSegment[] = [];
  private literalsUsed = 0;
  private nestedUsed = 0;

  constructor(private readonly parsed: ParsedJpeg) {
    const { image } = parsed;
    this.image = { image, masks: image.components.map(({ coefficients }) => masksOf(coefficients)) };
  }

  /** Returns the file in pieces: literals and nested streams may be large, and are not copied. */
  write(): Uint8Array[] {
    const { structure, literals, nested } = this.parsed;
    const parts = readStructure(structure);
    checkShape(parts, this.image.image);
    for (const part of parts) this.writePart(part);
    this.defineTables(null);
    const unused = this.literalsUsed < literals.length || this.nestedUsed < nested.length;
    if (unused) throw corruptRecord('does not use all of its literals');
    return this.out;
  }

  private writePart(part: JpegPart): void {
    switch (part.kind) {
      case 'end':
        this.out.push(Uint8Array.of(0xff, MARKER.EOI));
        return;
      case 'bytes':
        for (const bytes of this.takePiece(part.piece)) this.out.push(bytes);
        return;
      case 'segment':
        return this.segment(part.marker, concatBytes(this.takePiece(part.piece)));
      case 'jfif':
        return this.segment(MARKER.APP0, jfifBytes(part.jfif));
      case 'quantisation':
        return this.segment(MARKER.DQT, quantisationBytes(part.tables));
      case 'huffman':
        return this.huffman(part.tables);
      case 'frame':
        this.frame = part.frame;
        this.progress = new ScanProgress(part.frame);
        return this.segment(part.frame.marker, frameBytes(part.frame));
      case 'height': {
        const { height } = this.image.image;
        return this.segment(MARKER.DNL, Uint8Array.of(height >> 8, height & 0xff));
      }
      case 'restart-interval':
        this.restartInterval = part.mcus;
        return this.segment(MARKER.DRI, Uint8Array.of(part.mcus >> 8, part.mcus & 0xff));
      case 'scan':
        return this.scan(part);
    }
  }

  private segment(marker: number, payload: Uint8Array): void {
    if (payload.length > MAX_PAYLOAD) throw corruptRecord('has a segment that is too long');
    this.out.push(segmentBytes(marker, payload));
  }

  private huffman(tables: readonly HuffmanDefinition[]): void {
    this.waiting.push({ at: this.out.length, tables });
    this.out.push(new Uint8Array(0));
  }

  private scan({ tables, header, record }: ScanPart): void {
    const { frame, image, restartInterval } = this;
    if (frame === null || this.progress === null) throw corruptRecord('has a scan before its frame');
    if (this.progress.add(header) !== null) throw corruptRecord('has scans that do not fit together');
    if (tables !== 'none') {
      const usual = usualTables(tables, header, frame);
      if (usual === null) throw corruptRecord('has invalid Huffman tables');
      for (const table of usual) this.huffman([table]);
    }
    const scan = { frame, header, record, restartInterval };
    this.defineTables(scan);
    this.segment(MARKER.SOS, scanHeaderBytes(header, frame));
    const encoded = { ...scan, ...componentTables(header, (tableClass, slot) => this.tables[tableClass]![slot]) };
    encodeScan(encoded, image, this.writer, (length) => this.takeLiteral(length));
    this.out.push(this.writer.take());
  }

  /** Writes the waiting DHT segments, and defines their tables; `scan` is the next one, null at the end. */
  private defineTables(scan: Omit<ScanOutput, 'dcTables' | 'acTables'> | null): void {
    const needsStatistics = this.waiting.some(({ tables }) => tables.some(({ spec }) => spec === 'optimal'));
    if (needsStatistics && scan === null) throw corruptRecord('has optimal Huffman tables without a scan');
    const counting = needsStatistics && scan !== null ? this.countSymbols(scan) : [];
    for (const { at, tables } of this.waiting) {
      const given = tables.map(({ tableClass, slot, spec }): GivenTable => {
        if (spec !== 'optimal') return { tableClass, slot, spec };
        return { tableClass, slot, spec: optimalTable(counting[tableClass]![slot]!.frequencies) };
      });
      for (const { tableClass, slot, spec } of given) this.tables[tableClass]![slot] = EncodingTable.of(spec);
      this.out[at] = segmentBytes(MARKER.DHT, huffmanBytes(given));
    }
    this.waiting = [];
  }

  /** Encodes a scan that has no tables; returns tables, by class and number, that have counted its symbols. */
  private countSymbols(scan: Omit<ScanOutput, 'dcTables' | 'acTables'>): EncodingTable[][] {
    const counting = [0, 1].map(() => Array.from({ length: SLOTS }, () => EncodingTable.forCounting()));
    const tables = componentTables(scan.header, (tableClass, slot) => counting[tableClass]![slot]);
    encodeScan({ ...scan, ...tables }, this.image, this.writer, () => NOTHING);
    this.writer.take();
    return counting;
  }

  private takePiece({ length, nested }: LiteralPiece): Uint8Array[] {
    const parts: Uint8Array[] = [];
    let offset = 0;
    for (const next of nested) {
      parts.push(this.takeLiteral(next - offset));
      for (const bytes of new JpegWriter(this.takeNested()).write()) parts.push(bytes);
      offset = next;
    }
    parts.push(this.takeLiteral(length - offset));
    return parts;
  }

  private takeLiteral(length: number): Uint8Array {
    const end = this.literalsUsed + length;
    if (end > this.parsed.literals.length) throw corruptRecord('has too few literals');
    const bytes = this.parsed.literals.subarray(this.literalsUsed, end);
    this.literalsUsed = end;
    return bytes;
  }

  private takeNested(): ParsedJpeg {
    const nested = this.parsed.nested[this.nestedUsed++];
    if (nested === undefined) throw corruptRecord('has too few nested streams');
    return nested;
  }
}

/** Returns the tables of each component of a scan. One that does not exist has no codes. */
function componentTables(
  { components }: ScanHeader,
  tableOf: (tableClass: 0 | 1, slot: number) => EncodingTable | undefined,
): Pick<ScanOutput, 'dcTables' | 'acTables'> {
  return {
    dcTables: components.map(({ dcSlot }) => tableOf(0, dcSlot) ?? EncodingTable.of(NO_CODES)),
    acTables: components.map(({ acSlot }) => tableOf(1, acSlot) ?? EncodingTable.of(NO_CODES)),
  };
}
