import { type CodecName, CODEC_NAMES, CODECS } from './codec.js';
import { OVERALL_SETS } from './data-set.js';
import { fixed, markdownFile, markdownTable, mebibytes, seconds } from './markdown.js';
import { keyOf, type Row } from './rows.js';
import { bitsPerDim, mean, median } from './statistics.js';

const PAQ = 'paq8px -8 (measured before)';
const PNG = 'PNG as given';
const LABELS = CODEC_NAMES.map((name) => CODECS[name].label);

/** Images whose figures are averaged. */
interface Group {
  name: string;
  rows: Row[];
}

/** RESULTS.md. */
export async function reportOf(rows: readonly Row[], paqSizes: Map<string, number>, core: string): Promise<string> {
  const groups = groupsOf(rows);
  return markdownFile([
    '# pixrnn and other lossless codecs',
    'Made by `npm run bench`; do not edit.',
    head(rows, core),
    '## Size',
    'Mean bits/dim (8 x bytes of the whole file / samples) over the images of a set, and mean over the images of the ratio ' +
      "of pixrnn's size to another's: below 1, pixrnn's files are smaller.",
    sizeTable(groups, paqSizes),
    '## Time and memory',
    'Whole commands, start included, on one core: median wall and CPU seconds, median and largest peak of resident memory. Times come in steps of 10 ms.',
    costTable(groups),
    '## Images',
    'Bits/dim.',
    imageTable(rows, paqSizes),
  ]);
}

/** Results whose decoder did not give the source's samples back. */
export function lossyResults(rows: readonly Row[]): string[] {
  return rows.flatMap((row) =>
    CODEC_NAMES.filter((name) => !row.results[name].lossless).map((name) => `${CODECS[name].label} on ${keyOf(row)}`),
  );
}

/** Every set, and those sets of the overall figure that are there as one group. */
function groupsOf(rows: readonly Row[]): Group[] {
  const sets = [...new Set(rows.map(({ set }) => set))];
  const groups = sets.map((set) => ({ name: set, rows: rows.filter((row) => row.set === set) }));
  const overall = OVERALL_SETS.filter((set) => sets.includes(set));
  if (overall.length < 2) return groups;
  const name = `**${overall.join(' + ')}**`;
  return [...groups, { name, rows: rows.filter(({ set }) => overall.includes(set)) }];
}

function head(rows: readonly Row[], core: string): string {
  const environment = rows[0]?.environment;
  if (!environment) return 'No images.';
  const distinct = (values: string[]): string => [...new Set(values)].join(', ');
  const lossy = lossyResults(rows);
  const lossless =
    lossy.length === 0
      ? `all ${rows.length * CODEC_NAMES.length} files decode to the samples of their source`
      : `**NOT LOSSLESS: ${lossy.join('; ')}**`;
  return [
    `- Date: ${distinct(rows.map(({ date }) => date))}`,
    `- Commit: ${distinct(rows.map(({ commit }) => commit))}`,
    `- Model: ${environment.model}`,
    `- Processor: ${environment.cpu}, core ${core}; Node ${environment.node}`,
    ...CODEC_NAMES.map((name) => `- ${CODECS[name].label}: version ${environment.versions[name]}`),
    '- All codecs ran in the same pass, on the same PNG without its metadata, and on one core: ' +
      'pixrnn with `--no-verify --threads 1`, cjxl and djxl with `--num_threads=0`, cwebp with `-exact`.',
    '- paq8px -8: sizes as measured before (`PEERS.tsv` of the data, pixels only), not in this run.',
    `- Checked: ${lossless}.`,
  ].join('\n');
}

function sizeTable(groups: readonly Group[], paqSizes: Map<string, number>): string {
  const header = ['Set', 'Images', ...LABELS, PAQ, PNG, 'pixrnn / cjxl', 'pixrnn / cwebp', 'pixrnn / paq8px'];
  const lines = groups.map(({ name, rows }) => {
    const meanRatio = (other: (row: Row) => number): string =>
      fixed(mean(rows.map((row) => row.results.pixrnn.bytes / other(row))), 4);
    const bits = rows.map((row) => bitsOf(row, paqSizes));
    return [
      name,
      String(rows.length),
      ...(bits[0] ?? []).map((_, column) => fixed(mean(bits.map((values) => values[column] ?? NaN)), 3)),
      meanRatio(({ results }) => results.cjxl.bytes),
      meanRatio(({ results }) => results.cwebp.bytes),
      meanRatio((row) => paqSizes.get(keyOf(row)) ?? NaN),
    ];
  });
  return markdownTable(header, lines);
}

function costTable(groups: readonly Group[]): string {
  const header = ['Set', 'Codec', 'compress s', 'CPU s', 'MiB (largest)', 'decompress s', 'CPU s', 'MiB (largest)'];
  const lines = groups.flatMap(({ name, rows }) =>
    CODEC_NAMES.map((codec) => [
      name,
      CODECS[codec].label,
      ...costCells(rows, codec, 'encode'),
      ...costCells(rows, codec, 'decode'),
    ]),
  );
  return markdownTable(header, lines, 2);
}

function costCells(rows: readonly Row[], codec: CodecName, direction: 'encode' | 'decode'): string[] {
  const costs = rows.map(({ results }) => results[codec][direction]);
  const peaks = costs.map(({ peakBytes }) => peakBytes);
  return [
    seconds(median(costs.map((cost) => cost.seconds))),
    seconds(median(costs.map((cost) => cost.cpuSeconds))),
    `${mebibytes(median(peaks))} (${mebibytes(Math.max(...peaks))})`,
  ];
}

function imageTable(rows: readonly Row[], paqSizes: Map<string, number>): string {
  const lines = rows.map((row) => [
    `${row.set}/${shorten(row.file.replace(/\.png$/, ''))}`,
    `${row.width} x ${row.height}`,
    ...bitsOf(row, paqSizes).map((bits) => fixed(bits, 3)),
  ]);
  return markdownTable(['Image', 'Pixels', ...LABELS, PAQ, PNG], lines);
}

/** In the order of the tables' columns; not a number where paq8px was not run. */
function bitsOf(row: Row, paqSizes: Map<string, number>): number[] {
  const sizes = CODEC_NAMES.map((name) => row.results[name].bytes);
  return [...sizes, paqSizes.get(keyOf(row)) ?? NaN, row.pngBytes].map((bytes) => bitsPerDim(bytes, row));
}

function shorten(name: string): string {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}
