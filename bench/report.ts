import { type CodecName, CODECS } from './codec.js';
import { type Column, columnsOf } from './columns.js';
import { OVERALL_SETS } from './data-set.js';
import { fixed, markdownFile, markdownTable, mebibytes, NONE, seconds } from './markdown.js';
import type { Peers } from './peers.js';
import { keyOf, type Measurement, type Row } from './rows.js';
import { bitsPerDim, mean, median } from './statistics.js';

/** Images whose figures are averaged. */
interface Group {
  name: string;
  rows: Row[];
}

/** RESULTS.md, of those of the codecs that ran. */
export async function reportOf(rows: readonly Row[], codecs: readonly CodecName[], peers: Peers): Promise<string> {
  const groups = groupsOf(rows);
  const ran = codecs.filter((name) => rows.some(({ results }) => results[name]));
  const columns = columnsOf(ran, peers);
  return markdownFile([
    '# pixrnn and other lossless codecs',
    'Made by `npm run bench`; do not edit.',
    head(rows, ran),
    '## Size',
    'Mean bits/dim (8 x bytes of the whole file / samples) over the images of a set.',
    sizeTable(groups, columns),
    "Mean over the images of the ratio of pixrnn's size to another's: below 1, pixrnn's files are smaller.",
    ratioTable(groups, columns),
    '## Time and memory',
    'Whole commands, start included, on one core: median wall and CPU seconds, median and largest peak of resident memory. Times come in steps of 10 ms.',
    costTable(groups, ran),
    '## Images',
    'Bits/dim.',
    imageTable(rows, columns),
  ]);
}

/** Results whose decoder did not give the source's samples back. */
export function lossyResults(rows: readonly Row[], codecs: readonly CodecName[]): string[] {
  return rows.flatMap((row) =>
    codecs
      .filter((name) => row.results[name]?.lossless === false)
      .map((name) => `${CODECS[name].label} on ${keyOf(row)}`),
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

function head(rows: readonly Row[], codecs: readonly CodecName[]): string {
  const environment = rows[0]?.environment;
  if (!environment) return 'No images.';
  const all = rows.flatMap(({ results }) => codecs.flatMap((name) => results[name] ?? []));
  const distinct = (key: 'date' | 'commit' | 'core'): string => [...new Set(all.map((m) => m[key]))].sort().join(', ');
  const lossy = lossyResults(rows, codecs);
  const lossless =
    lossy.length === 0
      ? `all ${all.length} files decode to the samples of their source`
      : `**NOT LOSSLESS: ${lossy.join('; ')}**`;
  return [
    `- Date: ${distinct('date')}`,
    `- Commit: ${distinct('commit')}`,
    `- Model: ${environment.model}`,
    `- Processor: ${environment.cpu}, core ${distinct('core')}; Node ${environment.node}`,
    ...Object.entries(environment.versions).map(([program, version]) => `- ${program}: version ${version}`),
    `- ${passesOf(all)} on the same PNG without its metadata, and on one core: ` +
      'pixrnn with `--no-verify --threads 1`, cjxl and djxl with `--num_threads=0`, cwebp with `-exact`.',
    '- Measured before: sizes in `PEERS.tsv` of the data, pixels only, not of this run.',
    `- Checked: ${lossless}.`,
  ].join('\n');
}

/** Whether the figures can be compared in time as those of one pass can, or which passes they come from. */
function passesOf(measurements: readonly Measurement[]): string {
  const passes = [...new Set(measurements.map(({ date, commit }) => `${date} at commit ${commit}`))].sort();
  if (passes.length <= 1) return 'All codecs ran in the same pass,';
  return `The rows come from several passes (${passes.join('; ')}); all codecs ran`;
}

function sizeTable(groups: readonly Group[], columns: readonly Column[]): string {
  const header = ['Set', 'Images', ...columns.map(({ label }) => label)];
  const lines = groups.map(({ name, rows }) => [
    name,
    String(rows.length),
    ...columns.map(({ bytesOf }) => fixed(mean(rows.map((row) => bitsPerDim(bytesOf(row), row))), 3)),
  ]);
  return markdownTable(header, lines);
}

function ratioTable(groups: readonly Group[], columns: readonly Column[]): string {
  const others = columns.filter(({ kind }) => kind === 'other');
  const pixrnn = columns.filter(({ kind }) => kind === 'pixrnn');
  const lines = groups.flatMap(({ name, rows }) =>
    pixrnn.map((own) => [
      name,
      own.label,
      ...others.map((other) => fixed(mean(rows.map((row) => own.bytesOf(row) / other.bytesOf(row))), 4)),
    ]),
  );
  return markdownTable(['Set', 'Size of', ...others.map(({ label }) => `/ ${label}`)], lines, 2);
}

function costTable(groups: readonly Group[], codecs: readonly CodecName[]): string {
  const header = ['Set', 'Codec', 'compress s', 'CPU s', 'MiB (largest)', 'decompress s', 'CPU s', 'MiB (largest)'];
  const lines = groups.flatMap(({ name, rows }) =>
    codecs.map((codec) => [
      name,
      CODECS[codec].label,
      ...costCells(rows, codec, 'encode'),
      ...costCells(rows, codec, 'decode'),
    ]),
  );
  return markdownTable(header, lines, 2);
}

function costCells(rows: readonly Row[], codec: CodecName, direction: 'encode' | 'decode'): string[] {
  const costs = rows.flatMap(({ results }) => results[codec]?.[direction] ?? []);
  if (costs.length < rows.length) return [NONE, NONE, NONE];
  const peaks = costs.map(({ peakBytes }) => peakBytes);
  return [
    seconds(median(costs.map((cost) => cost.seconds))),
    seconds(median(costs.map((cost) => cost.cpuSeconds))),
    `${mebibytes(median(peaks))} (${mebibytes(Math.max(...peaks))})`,
  ];
}

function imageTable(rows: readonly Row[], columns: readonly Column[]): string {
  const lines = rows.map((row) => [
    `${row.set}/${shorten(row.file.replace(/\.png$/, ''))}`,
    `${row.width} x ${row.height}`,
    ...columns.map(({ bytesOf }) => fixed(bitsPerDim(bytesOf(row), row), 3)),
  ]);
  return markdownTable(['Image', 'Pixels', ...columns.map(({ label }) => label)], lines);
}

function shorten(name: string): string {
  return name.length > 24 ? `${name.slice(0, 23)}…` : name;
}
