import { type LzwVariant, MAX_CODE_BITS } from './lzw-codes.js';
import { LzwTable } from './lzw-table.js';

/** What an encoder does. */
export interface LzwRule {
  /** Number of codes after which the table is cleared; 0 if a full table is kept. */
  readonly period: number;
  /** Whether the table is also cleared when libtiff's measure of the compression ratio falls. */
  readonly ratio: boolean;
  /** Whether each code stands for a single value ("uncompressed" GIF files). */
  readonly literal: boolean;
}

/** Values between two measurements of libtiff. */
const RATIO_GAP = 10_000;

/** The encoder of an LZW stream of known values: predicts each code. */
export class LzwModel {
  /** Index of the value that the next code begins with. */
  at = 0;
  /** Bits of the next code. */
  bits: number;
  /** Bits of a code after the table was cleared. */
  readonly firstBits: number;
  /** Codes since the table was cleared. */
  private count = 0;
  private clearsNext = false;
  private readonly table: LzwTable;
  private readonly measure = new RatioMeasure();

  constructor(
    private readonly variant: LzwVariant,
    private readonly rule: LzwRule,
    private readonly values: Uint8Array,
  ) {
    this.table = new LzwTable(variant.valueBits);
    this.firstBits = variant.valueBits + 1;
    this.bits = this.firstBits;
  }

  get clear(): number {
    return this.table.clear;
  }

  get end(): number {
    return this.table.end;
  }

  /** Whether all values are coded. */
  get isDone(): boolean {
    return this.at >= this.values.length;
  }

  /** Whether the table is due to be cleared, also after the last value. */
  get isPeriodOver(): boolean {
    return this.rule.period > 0 && this.count === this.rule.period;
  }

  /** Returns the code that the rule predicts; not when all values are coded. */
  predict(): number {
    if (this.clearsNext) return this.clear;
    return this.rule.literal ? this.values[this.at]! : this.table.longest(this.values, this.at);
  }

  /** Returns whether a code is possible and stands for the next values. */
  accepts(code: number): boolean {
    if (code === this.clear) return true;
    return this.table.lengthOf(code) > 0 && this.table.matches(code, this.values, this.at);
  }

  /** Advances by a code that the model predicted or accepts. */
  advance(code: number): void {
    this.measure.code(this.bits);
    if (code === this.clear) this.reset();
    else this.extend(code);
  }

  private reset(): void {
    this.table.reset();
    this.measure.reset(this.at, this.bits);
    this.bits = this.firstBits;
    this.count = 0;
    this.clearsNext = false;
  }

  private extend(code: number): void {
    this.at += this.table.lengthOf(code);
    this.count++;
    // The decoder adds a string one code later than the encoder.
    const grows = this.end + this.count === (1 << this.bits) - (this.variant.earlyChange ? 1 : 0);
    if (grows && this.bits < MAX_CODE_BITS) this.bits++;
    if (this.isDone) return;
    this.table.add(code, this.values[this.at]!);
    this.clearsNext = this.isPeriodOver || (this.rule.ratio && !grows && this.measure.hasFallen(this.at));
  }
}

/**
 * The compression ratio as libtiff measures it (LZWEncode in tif_lzw.c), with its peculiarities: the value after the
 * coded ones counts as read, and the point of the next measurement is not moved when the table is cleared.
 */
class RatioMeasure {
  private start = 0;
  private writtenBits = 0;
  private checkpoint = RATIO_GAP;
  private highest = 0;

  code(bits: number): void {
    this.writtenBits += bits;
  }

  /** Begins again after a code of `bits` bits that clears the table. */
  reset(at: number, bits: number): void {
    this.start = at === 0 ? 0 : at + 1;
    this.writtenBits = bits;
    this.highest = 0;
  }

  /** Measures if it is time; returns whether the ratio has not risen since the last measurement. */
  hasFallen(at: number): boolean {
    const read = at + 1 - this.start;
    if (read < this.checkpoint) return false;
    this.checkpoint = read + RATIO_GAP;
    const ratio =
      read > 0x7fffff
        ? Math.floor(read / Math.max(1, Math.floor(this.writtenBits / 256)))
        : Math.floor((read * 256) / this.writtenBits);
    if (ratio <= this.highest) return true;
    this.highest = ratio;
    return false;
  }
}
