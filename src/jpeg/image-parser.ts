import type { BitReader } from './bit-reader.js';
import { emptyMasks, type MaskedImage } from './block-masks.js';
import type { ByteSink } from './byte-sink.js';
import { decodeScan } from './decode-scan.js';
import { damagedJpeg, unsupportedJpeg } from './faults.js';
import { BLOCK_SIZE, checkFrameSize, emptyImage, type FrameHeader, parseFrame, shapeOf } from './frame.js';
import { findMarker, isFrame, MARKER } from './markers.js';
import type { JpegPart } from './parts.js';
import { isProgressive, parseScanHeader, type ScanHeader } from './scan-header.js';
import { ScanProgress } from './scan-progress.js';
import { parseHuffman, parseJfif, parseQuantisation } from './segments.js';
import { TableHistory } from './table-history.js';
import type { WorkBudget } from './work-budget.js';

/** What a parser of segments needs. */
export interface ImageParsing {
  readonly bytes: Uint8Array;
  readonly maxPixels: number;
  readonly reader: BitReader;
  readonly budget: WorkBudget;
  /** Receives the literal bytes of scans. */
  readonly literals: ByteSink;
  /** The parts so far; DHT parts that a record can leave out are removed when their scan was decoded. */
  readonly parts: JpegPart[];
}

/** Parses the segments that a decoder needs, and decodes the image. */
export class ImageParser {
  /** The image so far; null before the first scan. */
  image: MaskedImage | null = null;
  /** Offset after the last segment, and after its data if it is a scan. */
  end = 0;
  private frame: FrameHeader | null = null;
  private progress: ScanProgress | null = null;
  private readonly quantisation: (Uint16Array | undefined)[] = [];
  private readonly tables = new TableHistory();
  private restartInterval = 0;

  constructor(private readonly context: ImageParsing) {}

  /**
   * Parses a segment; returns null if its payload is to be stored as it is.
   * @param end offset after the segment
   * @throws PixrnnError if the file cannot be decoded from here on; `parts` and literals are then unchanged
   */
  parse(marker: number, payload: Uint8Array, end: number): JpegPart | null {
    this.end = end;
    if (isFrame(marker)) return this.parseFrame(marker, payload);
    switch (marker) {
      case MARKER.APP0: {
        const jfif = parseJfif(payload);
        return jfif && { kind: 'jfif', jfif };
      }
      case MARKER.DQT: {
        const tables = parseQuantisation(payload);
        tables?.forEach(({ slot, steps }) => (this.quantisation[slot] = steps));
        return tables && { kind: 'quantisation', tables };
      }
      case MARKER.DHT: {
        const tables = parseHuffman(payload);
        if (tables === null) throw damagedJpeg('it has an invalid Huffman table');
        return this.tables.define(tables);
      }
      case MARKER.DRI: {
        if (payload.length !== 2) throw damagedJpeg('it has an invalid restart interval');
        this.restartInterval = payload[0]! * 256 + payload[1]!;
        return { kind: 'restart-interval', mcus: this.restartInterval };
      }
      case MARKER.DNL:
        return this.isHeight(payload) ? { kind: 'height' } : null;
      case MARKER.SOS:
        return this.parseScan(payload);
      case MARKER.DHP:
      case MARKER.EXP:
        throw unsupportedJpeg('hierarchical JPEG');
      default:
        return null;
    }
  }

  private parseFrame(marker: number, payload: Uint8Array): JpegPart {
    if (this.frame !== null) throw damagedJpeg('it has two frames');
    this.frame = parseFrame(marker, payload, () => this.heightOfDnl());
    this.progress = new ScanProgress(this.frame);
    return { kind: 'frame', frame: this.frame };
  }

  /** Returns the height in the first DNL segment that follows, 0 if there is none. */
  private heightOfDnl(): number {
    const { bytes, budget } = this.context;
    let at = findMarker(bytes, this.end);
    while (at < bytes.length && bytes[at + 1] !== MARKER.DNL) at = findMarker(bytes, at + 2);
    budget.charge(at - this.end);
    const [lengthHigh, lengthLow, high, low] = bytes.subarray(at + 2, at + 6);
    return lengthHigh === 0 && lengthLow === 4 && low !== undefined ? high! * 256 + low : 0;
  }

  private isHeight(payload: Uint8Array): boolean {
    if (payload.length !== 2 || this.frame === null || !this.frame.heightInDnl) return false;
    return payload[0]! * 256 + payload[1]! === this.frame.height;
  }

  /** Parses a scan header and decodes the scan after it. */
  private parseScan(payload: Uint8Array): JpegPart {
    const { frame, progress, tables, restartInterval } = this;
    const { bytes, reader, literals, parts, budget } = this.context;
    if (frame === null || progress === null) throw damagedJpeg('it has a scan before its frame');
    const header = parseScanHeader(payload, frame);
    const fault = progress.add(header);
    if (fault !== null) throw damagedJpeg(fault);
    const { dcTables, acTables } = tables.forScan(header, frame);
    const image = this.image ?? this.newImage(frame);
    budget.charge(blocksOf(image, header));
    this.image = image;
    const input = { bytes, start: this.end, frame, header, dcTables, acTables, restartInterval };
    const { record, end } = decodeScan(input, image, reader, literals);
    budget.spend(end - this.end);
    this.end = end;
    const isComplete = record.intervals.every(({ mcus }) => mcus === undefined);
    return { kind: 'scan', tables: tables.afterScan(parts, header, frame, isComplete), header, record };
  }

  private newImage(frame: FrameHeader): MaskedImage {
    const { bytes, maxPixels } = this.context;
    const shape = shapeOf(frame, this.quantisation);
    checkFrameSize(shape, bytes.length, maxPixels);
    const image = emptyImage(shape);
    const masks = isProgressive(frame) ? image.components.map(({ coefficients }) => emptyMasks(coefficients)) : [];
    return { image, masks };
  }
}

function blocksOf({ image }: MaskedImage, { components }: ScanHeader): number {
  return components.reduce((sum, { index }) => sum + image.components[index]!.coefficients.length / BLOCK_SIZE, 0);
}
