import { DEFAULT_EFFORT, type Effort } from '../../effort.js';
import { PixrnnError } from '../../errors.js';
import { filesToRead, type NamedFile } from '../named-files.js';
import { sourceExtensions } from '../../batch/output-names.js';
import { type DatasetReportArguments, reportDataset } from './report-dataset.js';
import { type FileReportArguments, reportFiles } from './report-files.js';

interface ReportArguments extends DatasetReportArguments, FileReportArguments {
  files: string[] | undefined;
  recursive: boolean;
}

/** Options that need files. */
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
  'no-origin',
  'recursive',
] as const;
/** Options that need --dataset. */
const DATASET_OPTIONS = ['data', 'images', 'coded'] as const;

/** `pixrnn report`. */
export async function reportOn(args: ReportArguments): Promise<void> {
  checkKind(args);
  if (args.dataset !== undefined) await reportDataset(args.dataset, args);
  else await reportFiles(filesOf(args), (args.effort ?? DEFAULT_EFFORT) as Effort, args);
}

function filesOf(args: ReportArguments): NamedFile[] {
  const extensions = sourceExtensions(args['allow-lossy-source']);
  return filesToRead(args.files ?? [], args.recursive, extensions);
}

/** @throws PixrnnError 'usage' unless there are either files or a data set, with suitable options */
function checkKind(args: ReportArguments): void {
  const { files = [], dataset } = args;
  if (files.length === 0 && dataset === undefined) {
    throw new PixrnnError('usage', 'nothing to report on. Name image files, or a data set with --dataset.');
  }
  if (files.length > 0 && dataset !== undefined) {
    throw new PixrnnError('usage', 'image files and --dataset cannot be combined. Remove one of them.');
  }
  const wrong = (dataset === undefined ? DATASET_OPTIONS : FILE_OPTIONS).find((name) => isGiven(args[name]));
  if (wrong !== undefined) {
    const kind = dataset === undefined ? 'a data set' : 'image files';
    throw new PixrnnError('usage', `--${wrong} only works with ${kind}. Remove it.`);
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false;
}
