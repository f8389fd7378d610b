import type { Dataset } from '../datasets/dataset.js';
import { channelsName } from '../image/raster.js';
import { idText, type Model } from '../model/model.js';
import type { CodedFigures, LikelihoodFigures } from './dataset-report.js';
import { PAPER, type PaperTable } from './paper.js';
import { formatTable } from './table.js';

/** Results of `pixrnn report --dataset`. */
export interface DatasetFigures {
  readonly set: Dataset;
  readonly model: Model;
  /** By the model alone, then with the mixer if that was requested. */
  readonly likelihoods: readonly LikelihoodFigures[];
  /** null if no image was to be coded. */
  readonly coded: CodedFigures | null;
}

/** Returns the paper's table for a data set. */
function paperTable({ name }: Dataset): PaperTable {
  return PAPER[name];
}

/** Returns the figures as the object of `--json`; lengths in bits, in bytes and in the paper's unit. */
export function datasetJson({ set, model, likelihoods, coded }: DatasetFigures): object {
  const { name, split, title, note } = set;
  const { unit, ...paper } = paperTable(set);
  const rates = (bits: number, images: number) => ({
    bitsPerDim: bits / images / dimsOf(set),
    ...(unit === 'nats' && { natsPerImage: (bits * Math.LN2) / images }),
  });
  return {
    dataset: name,
    split,
    title,
    note,
    model: { id: idText(model.id), name: model.name },
    likelihoods: likelihoods.map((figures) => ({ ...figures, ...rates(figures.bits, figures.images) })),
    coded: coded && {
      ...coded,
      file: rates(8 * coded.fileBytes, coded.images),
      samples: rates(8 * coded.codedBytes, coded.images),
    },
    paper: { unit, ...paper },
  };
}

/** Returns the figures as text. */
export function datasetTable(figures: DatasetFigures): string {
  const { set, model, coded } = figures;
  const { title, split, width, height, channels, depth, count, note } = set;
  const kind = `${width} x ${height} ${channelsName(channels)}, ${depth} ${depth === 1 ? 'bit' : 'bits'} per sample`;
  return [
    `${title}, ${split} split: ${counted(count)} images, ${kind}; model ${model.name} ${idText(model.id)}\n`,
    note === null ? '' : `${note}\n`,
    `\n${likelihoodPart(figures)}`,
    coded === null ? '' : `\n${codedPart(set, coded)}`,
  ].join('');
}

/** Returns the model's figures above those of the paper; +- is the standard error of the mean over images. */
function likelihoodPart({ set, likelihoods }: DatasetFigures): string {
  const { table, unit, figures } = paperTable(set);
  const nats = unit === 'nats';
  const inUnit = (bits: number): string => (nats ? bits * Math.LN2 : bits / dimsOf(set)).toFixed(nats ? 2 : 3);
  const own = likelihoods.map(({ effort, images, bits, standardError }) => [
    `this model${effort === 1 ? '' : ` at effort ${effort}`}, ${counted(images)} images`,
    inUnit(bits / images),
    `+-${inUnit(standardError)}`,
  ]);
  const paper = figures.map(({ model, value, train }) => [
    `paper, table ${table}: ${model}`,
    value.toFixed(2),
    train === null ? '' : `(on training images ${train.toFixed(2)})`,
  ]);
  return formatTable([['', nats ? 'nats' : 'bits/dim'], ...own, ...paper], ['left', 'right', 'left']);
}

function codedPart(set: Dataset, coded: CodedFigures): string {
  const { images, effort, fileBytes, codedBytes, containerBytes, likelihoodBits, agreement, withoutModel } = coded;
  const nats = paperTable(set).unit === 'nats';
  const row = (what: string, bytes: number): string[] => [
    what,
    counted(Math.round(bytes)),
    (bytes / images).toFixed(2),
    ((8 * bytes) / images / dimsOf(set)).toFixed(4),
    ...(nats ? [((8 * bytes * Math.LN2) / images).toFixed(2)] : []),
  ];
  const rows = [
    [`${counted(images)} images`, 'bytes', 'bytes/image', 'bits/dim', ...(nats ? ['nats/image'] : [])],
    row('likelihood', likelihoodBits / 8),
    row('coded samples', codedBytes),
    row(`container, ${((100 * containerBytes) / fileBytes).toFixed(2)} % of the files`, containerBytes),
    row(`.prnn files, effort ${effort}`, fileBytes),
    ...coded.peers.flatMap(({ name, setting, bytes }) => (bytes === null ? [] : [row(`${name} (${setting})`, bytes)])),
  ];
  const { mean, largest, within, images: compared } = agreement;
  const all = within === compared ? `all ${counted(compared)}` : `only ${counted(within)} of ${counted(compared)}`;
  return [
    `Coded, decoded and compared:\n${formatTable(rows, ['left', ...rows[0]!.slice(1).map(() => 'right' as const)])}`,
    ...coded.missingPeers.map(
      ({ name, command, debian }) =>
        `${name} was not measured: ${command} is not installed (Debian: apt-get install ${debian}).\n`,
    ),
    withoutModel === 0
      ? ''
      : `${counted(withoutModel)} of the files are smaller without the model and do not use it.\n`,
    compared === 0
      ? ''
      : `|coded samples - likelihood| per image: ${mean.toFixed(2)} bytes on average, ${largest.toFixed(2)} at most; ` +
        `${all} are within 0.02 % + 0.0001 bit per sub-pixel + 40 bytes.\n`,
  ].join('');
}

function dimsOf({ width, height, channels }: Dataset): number {
  return width * height * channels;
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
