import type { BitWriter } from './bit-writer.js';
import { BlockCursor } from './block-cursor.js';
import type { BlockEncoder, BlockEncoding } from './block-encoder.js';
import type { MaskedImage } from './block-masks.js';
import { FirstAcEncoder } from './encode-ac.js';
import { RefiningAcEncoder } from './encode-ac-refinement.js';
import { FirstDcEncoder, RefiningDcEncoder } from './encode-dc.js';
import { SequentialEncoder } from './encode-sequential.js';
import { corruptRecord } from './faults.js';
import type { FrameHeader } from './frame.js';
import type { EncodingTable } from './huffman-encoding.js';
import { MARKER } from './markers.js';
import { isProgressive, type ScanHeader } from './scan-header.js';
import { RunEndQueue, ZeroRunQueue } from './scan-queues.js';
import { NO_RESTART, type ScanRecord, type UnusualInterval } from './scan-record.js';

/** A scan to encode. */
export interface ScanOutput {
  readonly frame: FrameHeader;
  readonly header: ScanHeader;
  readonly record: ScanRecord;
  readonly dcTables: readonly EncodingTable[];
  readonly acTables: readonly EncodingTable[];
  /** MCUs between restart markers; 0 if there are none. */
  readonly restartInterval: number;
}

/**
 * Writes the entropy-coded segments and restart markers of a scan.
 * @param takeLiteral returns that many bytes of the literals, in the order of the file
 * @throws PixrnnError 'file-corrupt' if the record does not fit the image
 */
export function encodeScan(
  scan: ScanOutput,
  { image, masks }: MaskedImage,
  writer: BitWriter,
  takeLiteral: (length: number) => Uint8Array,
): void {
  const { header, record, restartInterval } = scan;
  const components = header.components.map(({ index }) => image.components[index]!);
  const coefficients = components.map((component) => component.coefficients);
  const cursor = new BlockCursor(components);
  const encoder = blockEncoder(
    scan,
    header.components.map(({ index }) => masks[index]!),
    writer,
  );
  const length = restartInterval || cursor.mcus;
  const intervals = Math.ceil(cursor.mcus / length);
  let unusual = 0;

  for (let index = 0; index < intervals; index++) {
    const first = index * length;
    const mcus = Math.min(length, cursor.mcus - first);
    const found = record.intervals[unusual];
    const interval = found?.index === index ? found : usualInterval(index);
    if (interval === found) unusual++;

    const coded = interval.mcus ?? mcus;
    if (coded > mcus) throw corruptRecord('has an interval of too many MCUs');
    cursor.seek(first);
    encoder.restart();
    let block = first * cursor.blocks;
    for (let left = coded * cursor.blocks; left > 0; left--) {
      writer.reserve();
      encoder.encode(cursor.slot, coefficients[cursor.slot]!, cursor.offset, block++);
      cursor.advance();
    }
    encoder.finish();
    writer.pad(interval.padding, record.zeroPadding);
    writer.literal(takeLiteral(interval.literal));
    if (index === intervals - 1 || interval.restart === NO_RESTART) return;
    writer.literal(Uint8Array.of(0xff, MARKER.RST0 + (interval.restart ?? index & 7)));
  }
}

function usualInterval(index: number): UnusualInterval {
  return { index, mcus: undefined, padding: undefined, literal: 0, restart: undefined };
}

function blockEncoder(scan: ScanOutput, masks: readonly Int32Array[], writer: BitWriter): BlockEncoder {
  const { frame, header, record, dcTables, acTables } = scan;
  const zeroRuns = new ZeroRunQueue(record.zeroRuns);
  const runEnds = new RunEndQueue(record.runEnds);
  const context: BlockEncoding = { writer, header, dcTables, acTables, masks, zeroRuns, runEnds };
  const { first, high } = header;
  if (!isProgressive(frame)) return new SequentialEncoder(context);
  if (first === 0) return high === 0 ? new FirstDcEncoder(context) : new RefiningDcEncoder(context);
  return high === 0 ? new FirstAcEncoder(context) : new RefiningAcEncoder(context);
}
