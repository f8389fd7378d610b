/** An interval between restart markers that is not coded as usual. */
export interface UnusualInterval {
  /** Index of the interval in its scan. */
  readonly index: number;
  /** MCUs that are coded before the data is damaged or ends; undefined if all are. */
  readonly mcus: number | undefined;
  /** The padding bits of the last byte as a number, if they differ from those of the scan. */
  readonly padding: number | undefined;
  /** Number of literal bytes after the coded ones. */
  readonly literal: number;
  /** The restart marker after the interval, 0..7, or NO_RESTART; undefined for the usual one. */
  readonly restart: number | undefined;
}

/** The scan ends after this interval. */
export const NO_RESTART = 8;

/** Superfluous codes for 16 zeros (ZRL) at the end of a block. */
export interface ExtraZeroRun {
  /** Index of the block in the scan. */
  readonly block: number;
  /** Number of such codes, 1..4. */
  readonly count: number;
  /** Whether no end-of-block code follows. */
  readonly endsBlock: boolean;
}

/** What the coefficients and the headers of a scan do not determine. */
export interface ScanRecord {
  /** Whether bytes are padded with zeros instead of ones. */
  readonly zeroPadding: boolean;
  /** In ascending order of their indices, as are the following. */
  readonly intervals: readonly UnusualInterval[];
  readonly zeroRuns: readonly ExtraZeroRun[];
  /**
   * Indices of blocks after which the decision to end the run of empty bands differs from libjpeg's: a run ends before
   * it has to, or continues although libjpeg would end it.
   */
  readonly runEnds: readonly number[];
}

/** Maximum length of a run of empty bands (EOBRUN). */
export const MAX_RUN = 0x7fff;
/** libjpeg ends a run when it has collected more correction bits than this (MAX_CORR_BITS - DCTSIZE2 + 1). */
export const MAX_RUN_CORRECTIONS = 937;

/** Returns whether libjpeg ends a run of empty bands after a block. */
export function usuallyEndsRun(length: number, corrections: number): boolean {
  return length === MAX_RUN || corrections > MAX_RUN_CORRECTIONS;
}
