import { fixed, markdownTable, NONE } from '../markdown.js';
import { mean } from '../statistics.js';
import type { Row } from './measure.js';

/** Files of at least this many bytes count in the means. */
const MIN_BYTES = 200_000;

/** A codec in the tables. */
export interface Column {
  readonly label: string;
  /** Whether its sizes are from PEERS.tsv. */
  readonly isEarlier: boolean;
}

/** Returns the sections of the report. */
export function sectionsOf(rows: readonly Row[], ours: readonly Column[], peers: readonly Column[]): string[] {
  const columns = [...ours, ...peers];
  const sorted = [...rows].sort((a, b) => (a.file < b.file ? -1 : 1));
  const ordinary = sorted.filter(isOrdinary);
  const inHalf = (half: Row['half']): Row[] => ordinary.filter((row) => row.half === half);
  const counted = inHalf('test').filter(({ bytes }) => bytes >= MIN_BYTES);
  const others = sorted.filter((row) => !isOrdinary(row));
  const sections: readonly (readonly [title: string, blocks: readonly string[]])[] = [
    [
      `Test half, files of 0.2 MB and more (${counted.length})`,
      [ratioTable(counted, ours, peers), costTable(counted, columns)],
    ],
    ['Test half', [fileTable(inHalf('test'), columns)]],
    ['Tuning half', [fileTable(inHalf('tuning'), columns)]],
    ['Not averaged: stored, or scans below half of the bytes', [fileTable(others, columns)]],
  ];
  return sections.flatMap(([title, blocks]) => [`## ${title}`, ...blocks]);
}

function isOrdinary({ isStored, scanBytes, bytes }: Row): boolean {
  return !isStored && scanBytes >= bytes / 2;
}

const bytesOf = (row: Row, label: string): number => row.results[label]?.bytes ?? NaN;

function labelOf({ label, isEarlier }: Column): string {
  return isEarlier ? `${label} (measured earlier)` : label;
}

/** Returns the mean of the ratios of files, and their number. */
function meanRatio(rows: readonly Row[], part: (row: Row) => number, whole: (row: Row) => number): string {
  const ratios = rows.map((row) => part(row) / whole(row)).filter(Number.isFinite);
  const isPartial = ratios.length < rows.length && ratios.length > 0;
  return `${fixed(mean(ratios), 4)}${isPartial ? ` (${ratios.length} files)` : ''}`;
}

function ratioTable(rows: readonly Row[], ours: readonly Column[], peers: readonly Column[]): string {
  const header = ['Mean ratio', 'of the JPEG', ...peers.map((peer) => `of ${labelOf(peer)}`)];
  const lines = [...ours, ...peers].map((column) => [
    labelOf(column),
    meanRatio(
      rows,
      (row) => bytesOf(row, column.label),
      ({ bytes }) => bytes,
    ),
    ...peers.map(({ label }) =>
      meanRatio(
        rows,
        (row) => bytesOf(row, column.label),
        (row) => bytesOf(row, label),
      ),
    ),
  ]);
  return markdownTable(header, lines);
}

function costTable(rows: readonly Row[], columns: readonly Column[]): string {
  const header = ['Cost', 'Encode, s/MB', 'Decode, s/MB', 'Peak memory, MB'];
  const lines = columns.map((column) => {
    const results = rows.flatMap((row) => {
      const result = row.results[column.label];
      return result ? [{ megabytes: row.bytes / 1e6, ...result }] : [];
    });
    const perMegabyte = (seconds: 'encodeSeconds' | 'decodeSeconds'): string => {
      const rates = results.map((result) => (result[seconds] ?? NaN) / result.megabytes);
      return fixed(mean(rates), 2);
    };
    const peak = Math.max(...results.map(({ peakBytes }) => peakBytes ?? NaN)) / 1e6;
    return [labelOf(column), perMegabyte('encodeSeconds'), perMegabyte('decodeSeconds'), fixed(peak, 0)];
  });
  return markdownTable(header, lines);
}

function fileTable(rows: readonly Row[], columns: readonly Column[]): string {
  if (rows.length === 0) return 'None.';
  const header = ['File', 'JPEG', 'Scans', ...columns.map(labelOf)];
  const count = (bytes: number): string => (Number.isFinite(bytes) ? bytes.toLocaleString('en-US') : NONE);
  return markdownTable(
    header,
    rows.map((row) => [
      `${row.file}${row.isStored ? ' (stored)' : ''}`,
      count(row.bytes),
      `${fixed((100 * row.scanBytes) / row.bytes, 0)} %`,
      ...columns.map(({ label }) => count(bytesOf(row, label))),
    ]),
  );
}
