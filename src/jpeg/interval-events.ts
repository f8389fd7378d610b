import type { ScanRecord, UnusualInterval } from './scan-record.js';

/** An interval as found in the file. */
export interface FoundInterval extends UnusualInterval {
  /** Number of padding bits, 0..7. */
  readonly paddingBits: number;
  readonly padding: number;
}

/** Collects what is unusual about the intervals of a scan, and chooses its usual padding. */
export class IntervalEvents {
  /** Of each interval: number of padding bits << 8 | padding. */
  private readonly paddings: Uint16Array;
  private readonly unusual = new Map<number, UnusualInterval>();

  constructor(count: number) {
    this.paddings = new Uint16Array(count);
  }

  add({ paddingBits, ...interval }: FoundInterval): void {
    const { index, mcus, padding, literal, restart } = interval;
    this.paddings[index] = (paddingBits << 8) | padding;
    if (mcus !== undefined || literal > 0 || restart !== undefined) this.unusual.set(index, interval);
  }

  /** Returns the intervals that a record lists. */
  result(): Pick<ScanRecord, 'zeroPadding' | 'intervals'> {
    const zeroPadding = this.unusualPaddings(true) < this.unusualPaddings(false);
    const intervals: UnusualInterval[] = [];
    this.paddings.forEach((entry, index) => {
      const padding = entry === usualPadding(entry >> 8, zeroPadding) ? undefined : entry & 0xff;
      const interval = this.unusual.get(index) ?? { index, mcus: undefined, literal: 0, restart: undefined };
      if (padding !== undefined || this.unusual.has(index)) intervals.push({ ...interval, padding });
    });
    return { zeroPadding, intervals };
  }

  private unusualPaddings(zeroPadding: boolean): number {
    return this.paddings.reduce((sum, entry) => sum + (entry === usualPadding(entry >> 8, zeroPadding) ? 0 : 1), 0);
  }
}

function usualPadding(bits: number, zeroPadding: boolean): number {
  return (bits << 8) | (zeroPadding ? 0 : 2 ** bits - 1);
}
