import type { Options } from 'yargs';
import { PixrnnError } from '../errors.js';
import { csvTable } from '../report/csv-table.js';
import type { Entry } from '../report/entry.js';
import { reportPage } from '../report/html/page.js';
import { totalOf } from '../report/measure.js';
import { STANDARD_STREAM } from './input.js';
import { displayName, formatBytes, formatCount } from './messages.js';
import { type JsonArguments, restoreStream, writing } from './options.js';
import { checkTarget, displayTarget, writeTarget } from './output.js';

/** The files that `report` can write beside or in place of its table. */
const KINDS = ['csv', 'html', 'heatmap'] as const;
type Kind = (typeof KINDS)[number];

/** Pages stay below this, in bytes: pictures beyond are left out, and the page says so. */
export const MAX_EMBEDDED = 64 * 1024 * 1024;

function file(describe: string) {
  return { describe, type: 'string', requiresArg: true, coerce: restoreStream<string> } as const satisfies Options;
}

export const reporting = {
  csv: file('Write a table as CSV; - is standard output'),
  html: file('Write a page with table, plots and a heat map of every image'),
  heatmap: file('Write a PNG of the bits of every pixel; only with a single image'),
  'heatmap-max': {
    describe: 'Bits per pixel at the end of the scale of heat maps',
    type: 'number',
    requiresArg: true,
    defaultDescription: 'what suits the image',
  },
  compare: {
    describe: 'Compare with PNG, and with WebP and JPEG XL where cwebp and cjxl are',
    type: 'boolean',
    default: false,
  },
  force: writing.force,
} as const satisfies Record<string, Options>;

export interface ReportingArguments {
  csv: string | undefined;
  html: string | undefined;
  heatmap: string | undefined;
  'heatmap-max': number | undefined;
  compare: boolean;
  force: boolean;
}

/**
 * Refuses what cannot mean anything or cannot be written, before any time goes into the results.
 * @throws PixrnnError 'usage', 'output-exists', 'output-failed'
 */
export function checkReporting(images: readonly string[], args: ReportingArguments & JsonArguments): void {
  const most = args['heatmap-max'];
  if (most !== undefined && !(typeof most === 'number' && most > 0 && Number.isFinite(most))) {
    throw new PixrnnError('usage', '--heatmap-max takes one number of bits above 0.');
  }
  if (args.heatmap !== undefined && images.length > 1) {
    throw new PixrnnError(
      'usage',
      '--heatmap names one file and there are several images. Use --html for all of them.',
    );
  }
  const paths = KINDS.flatMap((kind) => {
    const path: unknown = args[kind];
    if (path === undefined) return [];
    if (typeof path !== 'string' || path === '') throw new PixrnnError('usage', `--${kind} takes one value.`);
    return [path];
  });
  const toOutput = [...paths, ...(args.json ? [STANDARD_STREAM] : [])].filter((path) => path === STANDARD_STREAM);
  if (toOutput.length > 1) {
    throw new PixrnnError('usage', 'two results cannot both go to standard output. Name a file for one of them.');
  }
  const twice = paths.find((path, index) => path !== STANDARD_STREAM && paths.indexOf(path) !== index);
  if (twice !== undefined) {
    throw new PixrnnError('usage', `two results cannot both go to ${displayName(twice)}. Name another file.`);
  }
  for (const path of paths) checkTarget(targetOf(path, args));
}

/** Whether standard output is free for the table. */
export function printsTable(args: ReportingArguments & JsonArguments): boolean {
  return !args.json && KINDS.every((kind) => args[kind] !== STANDARD_STREAM);
}

/** Whether nothing but a heat map is asked for, which takes half the time. */
export function isMapAlone(args: ReportingArguments & JsonArguments & { 'check-coder': boolean }): boolean {
  const more = [args.csv, args.html].some((path) => path !== undefined);
  return args.heatmap !== undefined && !more && !args.json && !args.compare && !args['check-coder'];
}

/** Writes the results of `kind`, where they are asked for. */
export async function writeResult(kind: Kind, content: Uint8Array | string, args: ReportingArguments): Promise<void> {
  const path = args[kind];
  if (path !== undefined) await writeTarget(targetOf(path, args), Buffer.from(content));
}

/**
 * Writes the table and the page of all entries, where they are asked for, and says so.
 * @param failed files of which there is no entry
 */
export async function writeTables(
  entries: readonly Entry[],
  failed: number,
  args: ReportingArguments & { readonly quiet: boolean },
): Promise<void> {
  const write = async (kind: 'csv' | 'html', text: string): Promise<void> => {
    await writeResult(kind, text, args);
    const path = args[kind] ?? STANDARD_STREAM;
    if (args.quiet || path === STANDARD_STREAM) return;
    const images = `${formatCount(entries.length)} ${entries.length === 1 ? 'image' : 'images'}`;
    process.stderr.write(`${displayTarget(path)}  ${images}, ${formatBytes(Buffer.byteLength(text))}\n`);
  };
  if (args.csv !== undefined) await write('csv', csvTable(entries));
  if (args.html === undefined) return;
  const names = entries.map(({ file: name }) => (name === STANDARD_STREAM ? 'standard input' : name));
  const totals = entries.length > 1 ? totalOf(entries.map(({ figures }) => figures)) : null;
  await write('html', reportPage({ entries, names, totals, failed, made: new Date() }));
}

function targetOf(path: string, { force }: ReportingArguments) {
  return { path, force, source: null };
}
