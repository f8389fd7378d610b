import fc from 'fast-check';
import type { JpegImage } from '#pixrnn/jpeg/coefficients.js';
import { emptyImage, type FrameHeader, shapeOf } from '#pixrnn/jpeg/frame.js';
import type { JpegPart } from '#pixrnn/jpeg/parts.js';
import type { ScanHeader } from '#pixrnn/jpeg/scan-header.js';
import type { ScanRecord } from '#pixrnn/jpeg/scan-record.js';
import { writeStructure } from '#pixrnn/jpeg/structure-writer.js';
import { writeJpeg } from '#pixrnn/jpeg/write-jpeg.js';

/* JPEG files that no encoder at hand makes, from random coefficients and scripts of scans. */

export const USUAL: ScanRecord = { zeroPadding: false, intervals: [], zeroRuns: [], runEnds: [] };

/** A file to make. */
export interface Synthetic {
  readonly frame: FrameHeader;
  readonly scans: readonly ScanHeader[];
  readonly image: JpegImage;
  readonly restartInterval: number;
}

/** Writes a file with tables that are optimal for each scan; `recordOf` returns what is unusual about a scan. */
export function syntheticFile(
  { frame, scans, image, restartInterval }: Synthetic,
  recordOf: (header: ScanHeader) => ScanRecord = () => USUAL,
): Uint8Array {
  const parts: JpegPart[] = [
    { kind: 'quantisation', tables: [0, 1].map((slot) => ({ slot, wide: false, steps: new Uint16Array(64).fill(1) })) },
    { kind: 'frame', frame },
    { kind: 'restart-interval', mcus: restartInterval },
    ...scans.map((header) => ({ kind: 'scan', tables: 'optimal', header, record: recordOf(header) }) as const),
    { kind: 'end' },
  ];
  return writeJpeg({ image, structure: writeStructure(parts), literals: new Uint8Array(0), nested: [] });
}

const frames = fc
  .record({
    marker: fc.constantFrom(0xc0 as const, 0xc1 as const, 0xc2 as const),
    precision: fc.constantFrom(8 as const, 12 as const),
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 70 }),
    sampling: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ sampling, ...sizes }): FrameHeader => {
    const components = sampling.map(([horizontal, vertical], i) => {
      return { id: i + 1, horizontal, vertical, quantisationSlot: Math.min(i, 1) };
    });
    return { ...sizes, heightInDnl: false, components };
  });

/** Images of random size, sampling and coefficients, with random scripts. */
export const synthetics: fc.Arbitrary<Synthetic> = fc
  .tuple(frames, fc.array(fc.nat(), { minLength: 64, maxLength: 64 }), fc.integer({ min: 0, max: 9 }))
  .map(([frame, choices, restartInterval]) => {
    const next = chooser(choices);
    const image = randomImage(frame, next);
    const scans = frame.marker === 0xc2 ? progressiveScans(frame, next) : sequentialScans(frame, next);
    return { frame, scans, image, restartInterval };
  });

/** Returns a function that returns random integers below its argument. */
export function chooser(choices: readonly number[]): (below: number) => number {
  let state = choices.reduce((hash, choice) => Math.imul(hash ^ choice, 0x9e3779b1) >>> 0, 1);
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Returns an image whose blocks have from no to all coefficients, most of them small. */
export function randomImage(frame: FrameHeader, next: (below: number) => number): JpegImage {
  const image = emptyImage(shapeOf(frame, []));
  const maxBits = frame.precision === 12 ? 15 : 10;
  for (const { coefficients } of image.components) {
    for (let block = 0; block < coefficients.length; block += 64) {
      const count = next(4) === 0 ? next(64) : next(6);
      for (let i = 0; i < count; i++) {
        const bits = next(8) === 0 ? next(maxBits) + 1 : next(2) + 1;
        const at = block + (next(2) === 0 ? next(64) : [0, 1, 8, 16, 9, 2][next(6)]!);
        coefficients[at] = next(2 ** bits) * (next(2) === 0 ? 1 : -1);
      }
    }
  }
  return image;
}

function sequentialScans(frame: FrameHeader, next: (below: number) => number): ScanHeader[] {
  const groups: number[][] = [[]];
  frame.components.forEach((_, index) => {
    if (groups.at(-1)!.length > 0 && next(3) === 0) groups.push([]);
    groups.at(-1)!.push(index);
  });
  return groups.map((indices) => scan(indices, 0, 63, 0, 0, next));
}

/** Returns scans that code each bit of each coefficient once: DC, then bands of AC, each from high bits to low ones. */
function progressiveScans(frame: FrameHeader, next: (below: number) => number): ScanHeader[] {
  const all = frame.components.map((_, index) => index);
  const scans: ScanHeader[] = [];
  const descend = (indices: readonly number[], first: number, last: number): void => {
    let low = next(4);
    scans.push(scan(indices, first, last, 0, low, next));
    for (; low > 0; low--) scans.push(scan(indices, first, last, low, low - 1, next));
  };
  if (next(2) === 0) descend(all, 0, 0);
  else for (const index of all) descend([index], 0, 0);
  for (const index of all) {
    const middle = 1 + next(62);
    descend([index], 1, middle);
    descend([index], middle + 1, 63);
  }
  return scans;
}

function scan(
  indices: readonly number[],
  first: number,
  last: number,
  high: number,
  low: number,
  next: (below: number) => number,
): ScanHeader {
  const components = indices.map((index) => ({ index, dcSlot: next(4), acSlot: next(4) }));
  return { components, first, last, high, low };
}
