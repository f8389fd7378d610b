import { encodeVarint } from '../varint.js';
import type { FrameHeader } from './frame.js';
import { equalSpecs } from './huffman-spec.js';
import { STANDARD_TABLES } from './huffman-standard.js';
import type { HuffmanDefinition, JpegPart, LiteralPiece, QuantisationDefinition, ScanPart } from './parts.js';
import { findScaledTable } from './quantisation.js';
import { type ScanHeader } from './scan-header.js';
import type { ScanRecord, UnusualInterval } from './scan-record.js';
import { equalScans, usualScan } from './scan-scripts.js';
import { stepBytes } from './segments.js';
import { INTERVAL, KIND, HEIGHT_IN_DNL, SCAN, TABLE, usualLayout } from './structure-codes.js';

/** Serialises the parts of a JPEG file (docs/format/jpeg-record.md). */
export function writeStructure(parts: readonly JpegPart[]): Uint8Array {
  const writer = new StructureWriter();
  for (const part of parts) writer.part(part);
  return Uint8Array.from(writer.bytes);
}

class StructureWriter {
  readonly bytes: number[] = [];
  private frame: FrameHeader | null = null;
  private scans = 0;

  part(part: JpegPart): void {
    if (part.kind === 'scan') return this.scan(part);
    this.bytes.push(KIND[part.kind]);
    switch (part.kind) {
      case 'bytes':
        return this.piece(part.piece);
      case 'segment':
        this.bytes.push(part.marker);
        return this.piece(part.piece);
      case 'jfif':
        this.bytes.push(part.jfif.minorVersion, part.jfif.units);
        this.numbers(part.jfif.xDensity, part.jfif.yDensity);
        return;
      case 'quantisation':
        this.numbers(part.tables.length);
        for (const table of part.tables) this.quantisation(table);
        return;
      case 'huffman':
        this.numbers(part.tables.length);
        for (const table of part.tables) this.huffman(table);
        return;
      case 'frame':
        return this.frameHeader(part.frame);
      case 'restart-interval':
        return this.numbers(part.mcus);
    }
  }

  private numbers(...values: number[]): void {
    for (const value of values) this.bytes.push(...encodeVarint(value));
  }

  private piece({ length, nested }: LiteralPiece): void {
    this.numbers(2 * length + (nested.length > 0 ? 1 : 0));
    if (nested.length > 0) this.ascending(nested, (offset) => offset);
  }

  /** Writes the number of items, and of each the distance of its key to the preceding one. */
  private ascending<T>(items: readonly T[], keyOf: (item: T) => number, more: (item: T) => void = () => {}): void {
    this.numbers(items.length);
    let last = 0;
    for (const item of items) {
      this.numbers(keyOf(item) - last);
      last = keyOf(item);
      more(item);
    }
  }

  private quantisation({ slot, wide, steps }: QuantisationDefinition): void {
    this.bytes.push((wide ? 0x10 : 0) | slot);
    const scaled = findScaledTable(steps, wide);
    if (scaled === null) this.bytes.push(0, ...stepBytes(steps, wide));
    else this.bytes.push(1 + scaled.base, scaled.quality);
  }

  private huffman({ tableClass, slot, spec }: HuffmanDefinition): void {
    const code = (tableClass << 4) | slot;
    const standard = STANDARD_TABLES[tableClass]!;
    if (spec === 'optimal') this.bytes.push(TABLE.OPTIMAL | code);
    else if (equalSpecs(spec, standard[0])) this.bytes.push(TABLE.LUMINANCE | code);
    else if (equalSpecs(spec, standard[1])) this.bytes.push(TABLE.CHROMINANCE | code);
    else this.bytes.push(TABLE.GIVEN | code, ...spec.counts, ...spec.symbols);
  }

  private frameHeader(frame: FrameHeader): void {
    this.frame = frame;
    const { marker, precision, width, height, heightInDnl, components } = frame;
    const layout = usualLayout(components);
    this.bytes.push(marker, precision, layout | (heightInDnl ? HEIGHT_IN_DNL : 0));
    this.numbers(width, height);
    if (layout > 0) return;
    this.bytes.push(components.length);
    for (const { id, horizontal, vertical, quantisationSlot } of components) {
      this.bytes.push(id, (horizontal << 4) | vertical, quantisationSlot);
    }
  }

  private scan({ tables, header, record }: ScanPart): void {
    const usual = usualScan(this.frame!, this.scans++);
    const isUsual = usual !== null && equalScans(usual, header);
    const { zeroPadding, intervals, zeroRuns, runEnds } = record;
    this.bytes.push(
      SCAN.SCAN |
        SCAN.TABLES[tables] |
        (isUsual ? 0 : SCAN.HEADER) |
        (zeroPadding ? SCAN.ZERO_PADDING : 0) |
        (intervals.length > 0 ? SCAN.INTERVALS : 0) |
        (zeroRuns.length > 0 ? SCAN.ZERO_RUNS : 0) |
        (runEnds.length > 0 ? SCAN.RUN_ENDS : 0),
    );
    if (!isUsual) this.scanHeader(header);
    this.scanRecord(record);
  }

  private scanHeader({ components, first, last, high, low }: ScanHeader): void {
    this.bytes.push(components.length);
    for (const { index, dcSlot, acSlot } of components) this.bytes.push(index, (dcSlot << 4) | acSlot);
    this.bytes.push(first, last, (high << 4) | low);
  }

  private scanRecord({ intervals, zeroRuns, runEnds }: ScanRecord): void {
    if (intervals.length > 0) {
      this.ascending(
        intervals,
        ({ index }) => index,
        (interval) => this.interval(interval),
      );
    }
    if (zeroRuns.length > 0) {
      this.ascending(
        zeroRuns,
        ({ block }) => block,
        ({ count, endsBlock }) => this.numbers(2 * count + (endsBlock ? 1 : 0)),
      );
    }
    if (runEnds.length > 0) this.ascending(runEnds, (block) => block);
  }

  private interval({ mcus, padding, literal, restart }: UnusualInterval): void {
    this.bytes.push(
      (mcus !== undefined ? INTERVAL.MCUS : 0) |
        (padding !== undefined ? INTERVAL.PADDING : 0) |
        (literal > 0 ? INTERVAL.LITERAL : 0) |
        (restart !== undefined ? INTERVAL.RESTART : 0),
    );
    if (mcus !== undefined) this.numbers(mcus);
    if (padding !== undefined) this.bytes.push(padding);
    if (literal > 0) this.numbers(literal);
    if (restart !== undefined) this.bytes.push(restart);
  }
}
