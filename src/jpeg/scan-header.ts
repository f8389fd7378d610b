import { damagedJpeg } from './faults.js';
import type { FrameHeader } from './frame.js';
import { MARKER } from './markers.js';

/** A component of a scan. */
export interface ScanComponent {
  /** Index of the component in the frame header. */
  readonly index: number;
  /** Numbers of its Huffman tables, 0..3. */
  readonly dcSlot: number;
  readonly acSlot: number;
}

/** A scan header (ITU-T T.81, B.2.3). */
export interface ScanHeader {
  readonly components: readonly ScanComponent[];
  /** First and last coefficient of the band in zigzag order (Ss, Se). */
  readonly first: number;
  readonly last: number;
  /** Bits by which the coefficients were shifted in the preceding scan and are in this one (Ah, Al). */
  readonly high: number;
  readonly low: number;
}

/**
 * Parses the payload of a scan header.
 * @throws PixrnnError 'input-unreadable' if it is invalid
 */
export function parseScanHeader(payload: Uint8Array, frame: FrameHeader): ScanHeader {
  const count = payload[0]!;
  if (payload.length !== 4 + 2 * count) throw damagedJpeg('its scan header has a wrong length');
  const components = Array.from({ length: count }, (_, i) => {
    const [id, slots] = payload.subarray(1 + 2 * i);
    const index = frame.components.findIndex((component) => component.id === id);
    return { index, dcSlot: slots! >> 4, acSlot: slots! & 15 };
  });
  const [first, last, shifts] = payload.subarray(1 + 2 * count);
  const header = { components, first: first!, last: last!, high: shifts! >> 4, low: shifts! & 15 };
  const fault = scanFault(header, frame);
  if (fault !== null) throw damagedJpeg(fault);
  return header;
}

/** Returns what is wrong with a scan header, or null. */
export function scanFault({ components, first, last, low }: ScanHeader, frame: FrameHeader): string | null {
  if (components.length === 0) return 'a scan has no components';
  if (new Set(components.map(({ index }) => index)).size < components.length) return 'a scan has a component twice';
  for (const { index, dcSlot, acSlot } of components) {
    if (frame.components[index] === undefined) return 'a scan has an unknown component';
    if (dcSlot > 3 || acSlot > 3) return 'a scan names an invalid Huffman table';
  }
  if (!isProgressive(frame)) return null;
  if (first > last || last > 63 || low > 13) return 'a scan has an invalid band of coefficients';
  if (first === 0 && last !== 0) return 'a progressive scan has DC and AC coefficients';
  if (first > 0 && components.length > 1) return 'a scan of AC coefficients has several components';
  return null;
}

/** Returns the payload of the scan header. */
export function scanHeaderBytes(header: ScanHeader, frame: FrameHeader): Uint8Array {
  const { components, first, last, high, low } = header;
  return Uint8Array.of(
    components.length,
    ...components.flatMap(({ index, dcSlot, acSlot }) => [frame.components[index]!.id, (dcSlot << 4) | acSlot]),
    ...[first, last, (high << 4) | low],
  );
}

/** Returns whether the frame's scans are progressive. */
export function isProgressive({ marker }: FrameHeader): boolean {
  return marker === MARKER.SOF2;
}

/** Which kinds of Huffman tables a scan uses. */
export function tablesUsed({ first, last, high }: ScanHeader, frame: FrameHeader): { dc: boolean; ac: boolean } {
  if (!isProgressive(frame)) return { dc: true, ac: true };
  return { dc: first === 0 && high === 0, ac: last > 0 };
}
