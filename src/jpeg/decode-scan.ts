import { type BitReader, ScanDamage } from './bit-reader.js';
import { BlockCursor } from './block-cursor.js';
import type { BlockDecoder, BlockDecoding } from './block-decoder.js';
import { BlockEvents } from './block-events.js';
import type { MaskedImage } from './block-masks.js';
import type { ByteSink } from './byte-sink.js';
import { FirstAcDecoder } from './decode-ac.js';
import { RefiningAcDecoder } from './decode-ac-refinement.js';
import { FirstDcDecoder, RefiningDcDecoder } from './decode-dc.js';
import { SequentialDecoder } from './decode-sequential.js';
import { entropySegment, findOtherMarker, restartNumber, stuffedOffset } from './entropy-segment.js';
import type { FrameHeader } from './frame.js';
import type { DecodingTable } from './huffman-decoding.js';
import { isProgressive, type ScanHeader } from './scan-header.js';
import { IntervalEvents } from './interval-events.js';
import { NO_RESTART, type ScanRecord } from './scan-record.js';

/** A scan to decode. */
export interface ScanInput {
  readonly bytes: Uint8Array;
  /** Offset of the first byte after the scan header. */
  readonly start: number;
  readonly frame: FrameHeader;
  readonly header: ScanHeader;
  readonly dcTables: readonly DecodingTable[];
  readonly acTables: readonly DecodingTable[];
  /** MCUs between restart markers; 0 if there are none. */
  readonly restartInterval: number;
}

/** A decoded scan; its coefficients were stored in the image. */
export interface DecodedScan {
  readonly record: ScanRecord;
  /** Offset of the marker after the scan, or the length of the file. */
  readonly end: number;
}

/** The end of the coded data of an interval. */
interface IntervalEnd {
  /** MCUs that can be coded again: all, or those before a damage. */
  readonly mcus: number;
  /** Bits that code them. */
  readonly bits: number;
}

/**
 * Decodes a scan into the coefficients of the image and returns what they do not determine.
 * @param literals receives the literal bytes of the unusual intervals
 */
export function decodeScan(input: ScanInput, image: MaskedImage, reader: BitReader, literals: ByteSink): DecodedScan {
  return new ScanDecoder(input, image, reader, literals).decode();
}

class ScanDecoder {
  private readonly events = new BlockEvents();
  private readonly cursor: BlockCursor;
  private readonly coefficients: readonly Int16Array[];
  private readonly decoder: BlockDecoder;
  private readonly intervals: IntervalEvents;
  /** MCUs of an interval, except the last one. */
  private readonly length: number;
  /** Number of intervals. */
  private readonly count: number;
  private end: number;

  constructor(
    private readonly input: ScanInput,
    { image, masks }: MaskedImage,
    private readonly reader: BitReader,
    private readonly literals: ByteSink,
  ) {
    const components = input.header.components.map(({ index }) => image.components[index]!);
    this.cursor = new BlockCursor(components);
    this.coefficients = components.map(({ coefficients }) => coefficients);
    const { header, dcTables, acTables } = input;
    const scanMasks = header.components.map(({ index }) => masks[index]!);
    const context = { reader, header, dcTables, acTables, masks: scanMasks, events: this.events };
    this.decoder = blockDecoder(context, input.frame);
    this.length = input.restartInterval || this.cursor.mcus;
    this.count = Math.ceil(this.cursor.mcus / this.length);
    this.intervals = new IntervalEvents(this.count);
    this.end = input.start;
  }

  decode(): DecodedScan {
    for (let index = 0; index < this.count; index++) if (!this.decodeInterval(index)) break;
    const { zeroRuns, runEnds } = this.events;
    return { record: { ...this.intervals.result(), zeroRuns, runEnds }, end: this.end };
  }

  /** Decodes the interval that starts at `this.end`; returns whether another one follows. */
  private decodeInterval(index: number): boolean {
    const { reader } = this;
    const first = index * this.length;
    const mcus = Math.min(this.length, this.cursor.mcus - first);
    const isLast = index === this.count - 1;
    const { bytes } = this.input;
    const segment = entropySegment(bytes, this.end);
    reader.load(bytes, segment.start, segment.end);
    const coded = this.decodeMcus(first, mcus);
    const used = reader.bytesBefore(coded.bits);
    const from = reader.isLastByte(coded.bits) ? segment.end : stuffedOffset(bytes, segment, used);
    const restart = isLast ? null : restartNumber(bytes, segment.next);
    this.end = isLast ? findOtherMarker(bytes, segment.next) : segment.next;
    const literal = bytes.subarray(from, this.end);
    this.literals.append(literal);
    if (restart !== null) this.end += 2;
    this.intervals.add({
      index,
      mcus: coded.mcus === mcus ? undefined : coded.mcus,
      paddingBits: -coded.bits & 7,
      padding: reader.paddingAt(coded.bits),
      literal: literal.length,
      restart: isLast || restart === (index & 7) ? undefined : (restart ?? NO_RESTART),
    });
    return restart !== null;
  }

  private decodeMcus(first: number, mcus: number): IntervalEnd {
    const { cursor, decoder, reader, coefficients } = this;
    const { blocks } = cursor;
    let [codedMcus, codedBits] = [0, 0];
    cursor.seek(first);
    decoder.restart(mcus * blocks);
    let block = first * blocks;
    try {
      for (let mcu = 1; mcu <= mcus; mcu++) {
        for (let i = 0; i < blocks; i++) {
          decoder.decode(cursor.slot, coefficients[cursor.slot]!, cursor.offset, block++);
          reader.check();
          cursor.advance();
        }
        if (decoder.idle) [codedMcus, codedBits] = [mcu, reader.position];
      }
    } catch (error) {
      if (!(error instanceof ScanDamage)) throw error;
      this.events.truncate((first + codedMcus) * blocks);
    }
    return { mcus: codedMcus, bits: codedBits };
  }
}

function blockDecoder(context: BlockDecoding, frame: FrameHeader): BlockDecoder {
  const { first, high } = context.header;
  if (!isProgressive(frame)) return new SequentialDecoder(context);
  if (first === 0) return high === 0 ? new FirstDcDecoder(context) : new RefiningDcDecoder(context);
  return high === 0 ? new FirstAcDecoder(context) : new RefiningAcDecoder(context);
}
