import { DEFAULT_EFFORT } from '../effort.js';
import type { Option } from './command.js';
import { data, dataset, likelihood, noOrigin, restoreStream, writing } from './options.js';

/* Options of `report`. */

/** The files that `report` can write. */
export const OUTPUT_KINDS = ['csv', 'html', 'heatmap'] as const;
export type OutputKind = (typeof OUTPUT_KINDS)[number];

function file(describe: string) {
  return {
    group: 'Output',
    describe,
    value: 'FILE',
    type: 'string',
    requiresArg: true,
    coerce: restoreStream<string>,
  } as const satisfies Option;
}

export const reporting = {
  csv: file('Write the table as CSV; - is standard output'),
  html: file('Write an HTML page with table, plots and heat maps'),
  heatmap: file('Write a heat map of a single image as PNG: bits per pixel, or per JPEG block'),
  'heatmap-max': {
    group: 'Output',
    describe: 'Upper end of the heat map scale, in bits per pixel or per JPEG block',
    value: 'N',
    type: 'number',
    requiresArg: true,
    defaultDescription: 'chosen per image',
  },
  force: writing.force,
  'no-origin': noOrigin,
  compare: {
    group: 'Checks',
    describe: 'Compare with PNG, and with WebP and JPEG XL if cwebp and cjxl are installed',
    type: 'boolean',
    default: false,
  },
  'check-coder': {
    group: 'Checks',
    describe: 'Compare the coder with the npm package arithmetic-coding (slow)',
    type: 'boolean',
    default: false,
  },
} as const satisfies Record<string, Option>;

export interface ReportingArguments {
  csv: string | undefined;
  html: string | undefined;
  heatmap: string | undefined;
  'heatmap-max': number | undefined;
  force: boolean;
  'no-origin': boolean;
  compare: boolean;
  'check-coder': boolean;
}

/** Default of --coded, if the data set has as many images. */
export const DEFAULT_CODED = 500;

export const datasetReporting = {
  dataset: { ...dataset, describe: 'Report on the test images of a data set instead of files' },
  data,
  images: {
    group: 'Images',
    describe: 'With --dataset: number of images to compute the likelihood of',
    value: 'N',
    type: 'number',
    requiresArg: true,
    defaultDescription: 'all',
  },
  coded: {
    group: 'Images',
    describe: 'With --dataset: number of images to also code as files; 0: none',
    value: 'N',
    type: 'number',
    requiresArg: true,
    defaultDescription: String(DEFAULT_CODED),
  },
  effort: {
    ...likelihood.effort,
    default: undefined,
    defaultDescription: `${DEFAULT_EFFORT}; with --dataset: 1, as in published figures`,
  },
} as const satisfies Record<string, Option>;
