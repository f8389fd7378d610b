import { BLOCK_SIZE, type FrameHeader } from './frame.js';
import { isProgressive, type ScanHeader } from './scan-header.js';

const MAX_SCANS = 256;
const NOT_CODED = -1;

/**
 * Which bits of the coefficients were coded so far. The coefficients of an image determine its scans only if no scan
 * repeats what another one coded; this also bounds the number of scans.
 */
export class ScanProgress {
  private scans = 0;
  /** For each component and position of the zigzag order: the shift after the last scan. */
  private readonly shifts: Int8Array;

  constructor(private readonly frame: FrameHeader) {
    this.shifts = new Int8Array(frame.components.length * BLOCK_SIZE).fill(NOT_CODED);
  }

  /** Number of scans so far. */
  get count(): number {
    return this.scans;
  }

  /** Adds a scan. Returns why the image's coefficients do not determine the scan, or null. */
  add({ components, first, last, high, low }: ScanHeader): string | null {
    if (++this.scans > MAX_SCANS) return `it has more than ${MAX_SCANS} scans`;
    const progressive = isProgressive(this.frame);
    const refines = progressive && high > 0;
    if (refines && high !== low + 1) return 'a scan refines coefficients by other than one bit';
    for (const { index } of components) {
      const from = index * BLOCK_SIZE + (progressive ? first : 0);
      const band = this.shifts.subarray(from, index * BLOCK_SIZE + (progressive ? last + 1 : BLOCK_SIZE));
      // Coefficients that no scan has coded are 0, and can be refined.
      const continues = band.every((shift) => shift === NOT_CODED || (refines && shift === high));
      if (!continues) return 'a scan does not continue the scans before it';
      band.fill(progressive ? low : 0);
    }
    return null;
  }
}
