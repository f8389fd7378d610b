import { ByteReader } from '../byte-reader.js';
import { BlockCursor } from './block-cursor.js';
import { corruptRecord } from './faults.js';
import { type FrameHeader, frameFault, shapeOf } from './frame.js';
import { type HuffmanSpec, isValidSpec, MAX_CODE_BITS, symbolCount } from './huffman-spec.js';
import { STANDARD_TABLES } from './huffman-standard.js';
import { MARKER } from './markers.js';
import type {
  HuffmanDefinition,
  JpegPart,
  LiteralPiece,
  QuantisationDefinition,
  ScanPart,
  UsualTables,
} from './parts.js';
import { MAX_PARTS } from './parsed-jpeg.js';
import { BASE_COUNT, MAX_QUALITY, scaledTable } from './quantisation.js';
import { scanFault, type ScanHeader } from './scan-header.js';
import { type ExtraZeroRun, NO_RESTART, type ScanRecord, type UnusualInterval } from './scan-record.js';
import { usualScan } from './scan-scripts.js';
import { parseSteps } from './segments.js';
import { HEIGHT_IN_DNL, INTERVAL, KIND, layoutComponents, SCAN, TABLE } from './structure-codes.js';

const MAX_RESTART_INTERVAL = 65_535;
const MAX_EXTRA_ZERO_RUNS = 4;
/** More tables than fit in a segment. */
const MAX_TABLES = 4096;

/**
 * Parses a serialised structure (docs/format/jpeg-record.md).
 * @throws PixrnnError 'file-corrupt' if it is malformed
 */
export function readStructure(structure: Uint8Array): JpegPart[] {
  return new StructureReader(structure).parts();
}

class StructureReader {
  private readonly reader: ByteReader;
  private frame: FrameHeader | null = null;
  private scans = 0;
  /** By base, quality and width: a file that repeats them needs the memory of one. */
  private readonly scaledTables = new Map<number, Uint16Array>();

  constructor(structure: Uint8Array) {
    this.reader = ByteReader.ofPart(structure, 'the JPEG record');
  }

  parts(): JpegPart[] {
    const parts: JpegPart[] = [];
    while (this.reader.remaining > 0) {
      if (parts.length >= MAX_PARTS) throw corruptRecord('has too many parts');
      parts.push(this.part(this.byte()));
    }
    return parts;
  }

  private part(code: number): JpegPart {
    if ((code & SCAN.SCAN) !== 0) return this.scan(code);
    switch (code) {
      case KIND.end:
        return { kind: 'end' };
      case KIND.bytes:
        return { kind: 'bytes', piece: this.piece() };
      case KIND.segment:
        return { kind: 'segment', marker: this.byte(), piece: this.piece() };
      case KIND.jfif: {
        const [minorVersion, units] = [this.byte(), this.byte()];
        return {
          kind: 'jfif',
          jfif: { minorVersion, units, xDensity: this.number(65_535), yDensity: this.number(65_535) },
        };
      }
      case KIND.quantisation:
        return { kind: 'quantisation', tables: this.items(MAX_TABLES, () => this.quantisation()) };
      case KIND.huffman:
        return { kind: 'huffman', tables: this.items(MAX_TABLES, () => this.huffman()) };
      case KIND.frame:
        return { kind: 'frame', frame: this.frameHeader() };
      case KIND.height:
        return { kind: 'height' };
      case KIND['restart-interval']:
        return { kind: 'restart-interval', mcus: this.number(MAX_RESTART_INTERVAL) };
      default:
        throw corruptRecord('has an unknown part');
    }
  }

  private byte(): number {
    return this.reader.uint(1);
  }

  private number(max: number): number {
    const value = this.reader.varint();
    if (value > max) throw corruptRecord('has a number out of bounds');
    return value;
  }

  /** Reads a number of items and the items. */
  private items<T>(max: number, read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.number(max); left > 0; left--) items.push(read());
    return items;
  }

  /** Reads items whose keys, integers below `end`, ascend strictly. */
  private ascending<T>(end: number, read: (key: number) => T): T[] {
    let last = -1;
    return this.items(end, () => {
      const distance = this.reader.varint();
      const key = last < 0 ? distance : last + distance;
      if (key <= last || key >= end) throw corruptRecord('has items out of order');
      last = key;
      return read(key);
    });
  }

  private piece(): LiteralPiece {
    const code = this.reader.varint();
    const length = Math.floor(code / 2);
    let last = 0;
    const nested = code % 2 === 0 ? [] : this.items(MAX_PARTS, () => (last += this.number(length - last)));
    return { length, nested };
  }

  private quantisation(): QuantisationDefinition {
    const code = this.byte();
    const [slot, wide] = [code & 3, (code & 0x10) !== 0];
    if ((code & ~0x13) !== 0) throw corruptRecord('has an invalid quantisation table');
    const base = this.byte();
    if (base === 0) return { slot, wide, steps: parseSteps(this.reader.take(wide ? 128 : 64), wide) };
    const quality = this.byte();
    if (base > BASE_COUNT || quality < 1 || quality > MAX_QUALITY) {
      throw corruptRecord('has an invalid quantisation table');
    }
    return { slot, wide, steps: this.scaled(base - 1, quality, wide) };
  }

  private scaled(base: number, quality: number, wide: boolean): Uint16Array {
    const key = 2 * (BASE_COUNT * quality + base) + Number(wide);
    const steps = this.scaledTables.get(key) ?? scaledTable({ base, quality }, wide);
    this.scaledTables.set(key, steps);
    return steps;
  }

  private huffman(): HuffmanDefinition {
    const code = this.byte();
    if ((code & 0x8c) !== 0) throw corruptRecord('has an invalid Huffman table');
    const tableClass = (code & 0x10) === 0 ? 0 : 1;
    return { tableClass, slot: code & 3, spec: this.huffmanSpec(code & TABLE.OPTIMAL, tableClass) };
  }

  private huffmanSpec(form: number, tableClass: 0 | 1): HuffmanSpec | 'optimal' {
    if (form === TABLE.OPTIMAL) return 'optimal';
    const [luminance, chrominance] = STANDARD_TABLES[tableClass]!;
    if (form === TABLE.LUMINANCE) return luminance;
    if (form === TABLE.CHROMINANCE) return chrominance;
    const counts = this.reader.take(MAX_CODE_BITS);
    const spec = { counts, symbols: this.reader.take(symbolCount(counts)) };
    if (!isValidSpec(spec)) throw corruptRecord('has an invalid Huffman table');
    return spec;
  }

  private frameHeader(): FrameHeader {
    if (this.frame !== null) throw corruptRecord('has two frames');
    const [marker, precision, code] = [this.byte(), this.byte(), this.byte()];
    const [width, height] = [this.reader.varint(), this.reader.varint()];
    const layout = code & ~HEIGHT_IN_DNL;
    if (layout > 32) throw corruptRecord('has an invalid frame');
    if (marker !== MARKER.SOF0 && marker !== MARKER.SOF1 && marker !== MARKER.SOF2) {
      throw corruptRecord('has an invalid frame');
    }
    if (precision !== 8 && precision !== 12) throw corruptRecord('has an invalid frame');
    const components = layout > 0 ? layoutComponents(layout) : this.frameComponents();
    const heightInDnl = (code & HEIGHT_IN_DNL) !== 0;
    this.frame = { marker, precision, width, height, heightInDnl, components };
    if (frameFault(this.frame) !== null) throw corruptRecord('has an invalid frame');
    return this.frame;
  }

  private frameComponents(): FrameHeader['components'] {
    return Array.from({ length: this.byte() }, () => {
      const [id, sampling, quantisationSlot] = [this.byte(), this.byte(), this.byte()];
      return { id, horizontal: sampling >> 4, vertical: sampling & 15, quantisationSlot };
    });
  }

  private scan(code: number): ScanPart {
    if (this.frame === null) throw corruptRecord('has a scan before its frame');
    const header = (code & SCAN.HEADER) === 0 ? usualScan(this.frame, this.scans) : this.scanHeader();
    if (header === null || scanFault(header, this.frame) !== null) throw corruptRecord('has an invalid scan');
    this.scans++;
    return { kind: 'scan', tables: tablesOf(code & SCAN.TABLES_MASK), header, record: this.scanRecord(code, header) };
  }

  private scanHeader(): ScanHeader {
    const components = Array.from({ length: this.byte() }, () => {
      const [index, slots] = [this.byte(), this.byte()];
      return { index, dcSlot: slots >> 4, acSlot: slots & 15 };
    });
    const [first, last, shifts] = [this.byte(), this.byte(), this.byte()];
    return { components, first, last, high: shifts >> 4, low: shifts & 15 };
  }

  private scanRecord(code: number, { components }: ScanHeader): ScanRecord {
    const shape = shapeOf(this.frame!, []);
    const { mcus, blocks } = new BlockCursor(components.map(({ index }) => shape.components[index]!));
    const end = mcus * blocks;
    const intervals = (code & SCAN.INTERVALS) === 0 ? [] : this.ascending(mcus, (index) => this.interval(index));
    const zeroRuns = (code & SCAN.ZERO_RUNS) === 0 ? [] : this.ascending(end, (block) => this.zeroRun(block));
    const runEnds = (code & SCAN.RUN_ENDS) === 0 ? [] : this.ascending(end, (block) => block);
    return { zeroPadding: (code & SCAN.ZERO_PADDING) !== 0, intervals, zeroRuns, runEnds };
  }

  private interval(index: number): UnusualInterval {
    const fields = this.byte();
    if (fields > 15) throw corruptRecord('has an invalid interval');
    const mcus = (fields & INTERVAL.MCUS) === 0 ? undefined : this.reader.varint();
    const padding = (fields & INTERVAL.PADDING) === 0 ? undefined : this.byte();
    const literal = (fields & INTERVAL.LITERAL) === 0 ? 0 : this.reader.varint();
    const restart = (fields & INTERVAL.RESTART) === 0 ? undefined : this.number(NO_RESTART);
    return { index, mcus, padding, literal, restart };
  }

  private zeroRun(block: number): ExtraZeroRun {
    const code = this.number(2 * MAX_EXTRA_ZERO_RUNS + 1);
    return { block, count: code >> 1, endsBlock: code % 2 === 1 };
  }
}

function tablesOf(bits: number): UsualTables {
  if (bits === SCAN.TABLES.none) return 'none';
  if (bits === SCAN.TABLES.standard) return 'standard';
  if (bits === SCAN.TABLES.optimal) return 'optimal';
  throw corruptRecord('has an invalid scan');
}
