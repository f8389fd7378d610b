import { requirePixels } from '../pixel-limit.js';
import type { JpegComponent, JpegComponentShape, JpegImage, JpegShape } from './coefficients.js';
import { damagedJpeg, unsupportedJpeg } from './faults.js';
import { MARKER } from './markers.js';

/** A component as a frame header declares it. */
export interface FrameComponent {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
  /** Number of its quantisation table, 0..3. */
  readonly quantisationSlot: number;
}

/** A frame header (ITU-T T.81, B.2.2) with the height that the image has. */
export interface FrameHeader {
  /** SOF0 baseline, SOF1 extended sequential, SOF2 progressive. */
  readonly marker: 0xc0 | 0xc1 | 0xc2;
  readonly precision: 8 | 12;
  readonly width: number;
  readonly height: number;
  /** Whether the header says 0 and a DNL segment gives the height. */
  readonly heightInDnl: boolean;
  readonly components: readonly FrameComponent[];
}

const MAX_COMPONENTS = 4;
const MAX_SAMPLING = 4;
const MAX_SIDE = 65_535;
/** Coefficients of a block. */
export const BLOCK_SIZE = 64;
/** An encoder needs at least 1 bit for a block, for DC in a progressive scan. */
const MAX_BLOCKS_PER_BYTE = 8;

const UNSUPPORTED_FRAMES: readonly string[] = [
  ...['', '', '', 'lossless JPEG'],
  ...['', 'hierarchical JPEG', 'hierarchical JPEG', 'hierarchical JPEG'],
  ...['', 'arithmetic-coded JPEG', 'arithmetic-coded JPEG', 'lossless JPEG with arithmetic coding'],
  ...['', 'hierarchical JPEG', 'hierarchical JPEG', 'hierarchical JPEG'],
];

/**
 * Parses the payload of a frame header.
 * @param heightOf returns the height of the DNL segment, 0 if there is none
 * @throws PixrnnError 'input-unsupported' for other kinds of JPEG, 'input-unreadable' for an invalid header
 */
export function parseFrame(marker: number, payload: Uint8Array, heightOf: () => number): FrameHeader {
  if (marker !== MARKER.SOF0 && marker !== MARKER.SOF1 && marker !== MARKER.SOF2) {
    throw unsupportedJpeg(UNSUPPORTED_FRAMES[marker - MARKER.SOF0]!);
  }
  const [precision, heightHigh, heightLow, widthHigh, widthLow, count] = payload;
  if (count === undefined || payload.length !== 6 + 3 * count) throw damagedJpeg('its frame header has a wrong length');
  if (precision !== 8 && precision !== 12) throw unsupportedJpeg(`JPEG with ${precision} bits a sample`);
  const components = Array.from({ length: count }, (_, i) => {
    const [id, sampling, quantisationSlot] = payload.subarray(6 + 3 * i);
    return { id: id!, horizontal: sampling! >> 4, vertical: sampling! & 15, quantisationSlot: quantisationSlot! };
  });
  const declared = heightHigh! * 256 + heightLow!;
  const height = declared === 0 ? heightOf() : declared;
  const width = widthHigh! * 256 + widthLow!;
  const frame = { marker, precision, width, height, heightInDnl: declared === 0, components } as const;
  const fault = frameFault(frame);
  if (fault !== null) throw damagedJpeg(fault);
  return frame;
}

/** Returns what is wrong with a frame header, or null. */
export function frameFault({ width, height, components }: FrameHeader): string | null {
  if (!isBetween(width, 1, MAX_SIDE) || !isBetween(height, 1, MAX_SIDE)) return 'its frame has no width or no height';
  if (!isBetween(components.length, 1, MAX_COMPONENTS)) return `its frame has ${components.length} components`;
  for (const { horizontal, vertical, quantisationSlot } of components) {
    if (!isBetween(horizontal, 1, MAX_SAMPLING) || !isBetween(vertical, 1, MAX_SAMPLING)) {
      return 'its frame has an invalid sampling factor';
    }
    if (quantisationSlot > 3) return 'its frame names an invalid quantisation table';
  }
  return null;
}

/** Returns the payload of the frame header. */
export function frameBytes(frame: FrameHeader): Uint8Array {
  const { precision, width, heightInDnl, components } = frame;
  const height = heightInDnl ? 0 : frame.height;
  return Uint8Array.of(
    ...[precision, height >> 8, height & 0xff, width >> 8, width & 0xff, components.length],
    ...components.flatMap(({ id, horizontal, vertical, quantisationSlot }) => {
      return [id, (horizontal << 4) | vertical, quantisationSlot];
    }),
  );
}

/** Returns the sizes of all components. `tables` are the quantisation tables by number. */
export function shapeOf(frame: FrameHeader, tables: readonly (Uint16Array | undefined)[]): JpegShape {
  const { width, height, precision } = frame;
  const horizontalMax = Math.max(...frame.components.map(({ horizontal }) => horizontal));
  const verticalMax = Math.max(...frame.components.map(({ vertical }) => vertical));
  const components = frame.components.map(({ id, horizontal, vertical, quantisationSlot }): JpegComponentShape => {
    const samplesWide = Math.ceil((width * horizontal) / horizontalMax);
    const samplesHigh = Math.ceil((height * vertical) / verticalMax);
    return {
      ...{ id, horizontal, vertical },
      blocksWide: Math.ceil(width / (8 * horizontalMax)) * horizontal,
      blocksHigh: Math.ceil(height / (8 * verticalMax)) * vertical,
      visibleWide: Math.ceil(samplesWide / 8),
      visibleHigh: Math.ceil(samplesHigh / 8),
      quantisation: tables[quantisationSlot] ?? new Uint16Array(BLOCK_SIZE).fill(1),
    };
  });
  return { width, height, precision, components };
}

/**
 * Rejects a frame before memory is allocated for its coefficients.
 * @param bytes length of the file
 * @throws PixrnnError 'limit' for more than `maxPixels`, 'input-unreadable' for more blocks than the file can contain
 */
export function checkFrameSize(shape: JpegShape, bytes: number, maxPixels: number): void {
  const { width, height } = shape;
  requirePixels(shape, maxPixels);
  const blocks = shape.components.reduce((sum, { blocksWide, blocksHigh }) => sum + blocksWide * blocksHigh, 0);
  if (blocks > bytes * MAX_BLOCKS_PER_BYTE) throw damagedJpeg(`it is too short for ${width} x ${height} pixels`);
}

/** Returns an image of the shape whose coefficients are 0. */
export function emptyImage(shape: JpegShape): JpegImage {
  const components = shape.components.map((component): JpegComponent => {
    const { blocksWide, blocksHigh } = component;
    return { ...component, coefficients: new Int16Array(blocksWide * blocksHigh * BLOCK_SIZE) };
  });
  return { ...shape, components };
}

function isBetween(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
