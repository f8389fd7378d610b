import { DEFAULT_EFFORT } from '../engine/effort.js';
import type { Option } from './command.js';
import { data, dataset, likelihood, restoreStream, writing } from './options.js';

/* The options that `report` has of its own. */

/** The files that `report` can write beside or in place of its table. */
export const RESULT_KINDS = ['csv', 'html', 'heatmap'] as const;
export type ResultKind = (typeof RESULT_KINDS)[number];

function file(describe: string) {
  return {
    group: 'Result',
    describe,
    value: 'FILE',
    type: 'string',
    requiresArg: true,
    coerce: restoreStream<string>,
  } as const satisfies Option;
}

export const reporting = {
  csv: file('Write a table as CSV; - is standard output'),
  html: file('Write a page with table, plots and a heat map of every image'),
  heatmap: file('Write a PNG of the bits of every pixel; only with a single image'),
  'heatmap-max': {
    group: 'Result',
    describe: 'Bits per pixel at the end of the scale of heat maps',
    value: 'N',
    type: 'number',
    requiresArg: true,
    defaultDescription: 'what suits the image',
  },
  force: writing.force,
  compare: {
    group: 'Checking',
    describe: 'Compare with PNG, and with WebP and JPEG XL where cwebp and cjxl are',
    type: 'boolean',
    default: false,
  },
  'check-coder': {
    group: 'Checking',
    describe: 'Compare with the npm package arithmetic-coding, too (slow)',
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
  compare: boolean;
  'check-coder': boolean;
}

/** How many images are coded, too, where there are as many. */
export const DEFAULT_CODED = 500;

export const datasetReporting = {
  dataset: { ...dataset, describe: 'Report on the test images of a data set in place of files' },
  data,
  images: {
    group: 'Images',
    describe: 'With --dataset: how many images to take the likelihood of',
    value: 'N',
    type: 'number',
    requiresArg: true,
    defaultDescription: 'all',
  },
  coded: {
    group: 'Images',
    describe: 'With --dataset: how many images to code, too, as files; 0 for none',
    value: 'N',
    type: 'number',
    requiresArg: true,
    defaultDescription: String(DEFAULT_CODED),
  },
  effort: {
    ...likelihood.effort,
    default: undefined,
    defaultDescription: `${DEFAULT_EFFORT}; with --dataset 1, what published figures are of`,
  },
} as const satisfies Record<string, Option>;
