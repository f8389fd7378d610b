import type { CommandModule } from 'yargs';
import { DEFAULT_EFFORT, type Effort } from '../../engine/effort.js';
import { PixrnnError } from '../../errors.js';
import { coding, fileList, likelihood, reading } from '../options.js';
import { reporting } from '../report-outputs.js';
import { DATASET_REPORT_OPTIONS, type DatasetReportArguments, reportDataset } from './report-dataset.js';
import { type FileReportArguments, reportFiles } from './report-files.js';

interface ReportArguments extends DatasetReportArguments, FileReportArguments {
  files: string[] | undefined;
}

/** What has a meaning for files only. */
const FILE_OPTIONS = [
  'check-coder',
  'strip-metadata',
  'allow-lossy-source',
  'first-frame',
  'page',
  'csv',
  'html',
  'heatmap',
  'heatmap-max',
  'compare',
  'force',
] as const;
/** What has a meaning for a data set only. */
const DATASET_OPTIONS = ['data', 'images', 'coded'] as const;

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report [files..]',
  describe: 'Compare bits/dim of files with what the model promises',
  builder: (yargs) =>
    yargs
      .positional('files', { ...fileList('Image files; - is standard input'), demandOption: false })
      .options({
        ...reporting,
        'check-coder': {
          describe: 'Compare with the npm package arithmetic-coding, too (slow)',
          type: 'boolean',
          default: false,
        },
        ...DATASET_REPORT_OPTIONS,
        effort: {
          ...likelihood.effort,
          default: undefined,
          defaultDescription: `${DEFAULT_EFFORT}; with --dataset 1, what published figures are of`,
        },
        ...reading,
        ...coding,
      })
      .example('$0 report photos/*.png', 'A table with a line for each image and one for all')
      .example('$0 report --html report.html --compare *.png', 'A page with heat maps, for a browser')
      .example('$0 report --heatmap map.png photo.png', 'Where the bits of one image go')
      .example('$0 report --csv - photos/*.png', 'For a spreadsheet or a program')
      .example('$0 report --check-coder photo.png', 'Code a tile again with another coder and compare')
      .example(
        '$0 report --dataset cifar10',
        'Likelihood and files of its test images beside the figures of the paper',
      ),
  handler: async (args) => {
    checkKind(args);
    if (args.dataset !== undefined) await reportDataset(args.dataset, args);
    else await reportFiles(args.files ?? [], (args.effort ?? DEFAULT_EFFORT) as Effort, args);
  },
};

/** Throws `usage` unless there are either files or a data set, with options that suit. */
function checkKind(args: ReportArguments): void {
  const { files = [], dataset } = args;
  if (files.length === 0 && dataset === undefined) {
    throw new PixrnnError('usage', 'there is nothing to report on. Name image files, or a data set by --dataset.');
  }
  if (files.length > 0 && dataset !== undefined) {
    throw new PixrnnError('usage', 'there are image files and --dataset. Name one of them.');
  }
  const wrong = (dataset === undefined ? DATASET_OPTIONS : FILE_OPTIONS).find((name) => isGiven(args[name]));
  if (wrong !== undefined) {
    const kind = dataset === undefined ? 'a data set' : 'image files';
    throw new PixrnnError('usage', `--${wrong} is for ${kind}. Leave it out.`);
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false;
}
