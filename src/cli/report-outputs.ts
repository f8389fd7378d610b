import { PixrnnError } from '../errors.js';
import { csvTable } from '../report/csv-table.js';
import type { Entry } from '../report/entry.js';
import { reportPage } from '../report/html/page.js';
import { totalOf } from '../report/measure.js';
import { STANDARD_STREAM } from './input.js';
import { displayName, formatBytes, formatCount } from './messages.js';
import type { JsonArguments } from './options.js';
import { checkTarget, displayTarget, refuseInputs, writeTarget } from './output.js';
import { RESULT_KINDS, type ReportingArguments, type ResultKind } from './report-options.js';
import { standard } from './streams.js';

/** Pages stay below this, in bytes: pictures beyond are left out, and the page says so. */
export const MAX_EMBEDDED = 64 * 1024 * 1024;

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
  const paths = RESULT_KINDS.flatMap((kind) => {
    const path = args[kind];
    return path === undefined ? [] : [path];
  });
  const toOutput = [...paths, ...(args.json ? [STANDARD_STREAM] : [])].filter((path) => path === STANDARD_STREAM);
  if (toOutput.length > 1) {
    throw new PixrnnError('usage', 'two results cannot both go to standard output. Name a file for one of them.');
  }
  const twice = paths.find((path, index) => path !== STANDARD_STREAM && paths.indexOf(path) !== index);
  if (twice !== undefined) {
    throw new PixrnnError('usage', `two results cannot both go to ${displayName(twice)}. Name another file.`);
  }
  for (const path of paths) {
    refuseInputs(path, images);
    checkTarget(targetOf(path, args));
  }
}

/** Whether standard output is free for the table. */
export function printsTable(args: ReportingArguments & JsonArguments): boolean {
  return !args.json && RESULT_KINDS.every((kind) => args[kind] !== STANDARD_STREAM);
}

/** Whether nothing but a heat map is asked for, which takes half the time. */
export function isMapAlone(args: ReportingArguments & JsonArguments & { 'check-coder': boolean }): boolean {
  const more = [args.csv, args.html].some((path) => path !== undefined);
  return args.heatmap !== undefined && !more && !args.json && !args.compare && !args['check-coder'];
}

/** Writes the results of `kind`, where they are asked for. */
export async function writeResult(
  kind: ResultKind,
  content: Uint8Array | string,
  args: ReportingArguments,
): Promise<void> {
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
    standard.stderr.write(`${displayTarget(path)}  ${images}, ${formatBytes(Buffer.byteLength(text))}\n`);
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
