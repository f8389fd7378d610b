import { PixrnnError } from '../errors.js';
import { csvTable } from '../report/csv-table.js';
import type { Entry } from '../report/entry.js';
import { reportPage } from '../report/html/page.js';
import { STANDARD_STREAM } from './input.js';
import { displayName, formatBytes, formatCount } from './messages.js';
import type { JsonArguments } from './options.js';
import { checkTarget, displayTarget, refuseInputs, writeTarget } from './output.js';
import { OUTPUT_KINDS, type ReportingArguments, type OutputKind } from './report-options.js';
import { standard } from './streams.js';

/** Maximum bytes of pictures in a page; the page states that further ones are omitted. */
export const MAX_EMBEDDED = 64 * 1024 * 1024;

/**
 * Rejects contradictory options and outputs that cannot be written. Called before coding.
 * @throws PixrnnError 'usage', 'output-exists', 'output-failed'
 */
export function checkReporting(images: readonly string[], args: ReportingArguments & JsonArguments): void {
  const max = args['heatmap-max'];
  if (max !== undefined && !(typeof max === 'number' && max > 0 && Number.isFinite(max))) {
    throw new PixrnnError('usage', '--heatmap-max must be a number of bits > 0.');
  }
  if (args.heatmap !== undefined && images.length > 1) {
    throw new PixrnnError('usage', '--heatmap names one file, but there are several images. Use --html.');
  }
  const paths = OUTPUT_KINDS.flatMap((kind) => {
    const path = args[kind];
    return path === undefined ? [] : [path];
  });
  const toOutput = [...paths, ...(args.json ? [STANDARD_STREAM] : [])].filter((path) => path === STANDARD_STREAM);
  if (toOutput.length > 1) {
    throw new PixrnnError('usage', 'only one output can go to standard output. Name a file for the others.');
  }
  const twice = paths.find((path, index) => path !== STANDARD_STREAM && paths.indexOf(path) !== index);
  if (twice !== undefined) {
    throw new PixrnnError(
      'usage',
      `${displayName(twice)} is named for two outputs. Choose another name for one of them.`,
    );
  }
  for (const path of paths) {
    refuseInputs(path, images);
    checkTarget(targetOf(path, args));
  }
}

/** Whether the table goes to standard output. */
export function printsTable(args: ReportingArguments & JsonArguments): boolean {
  return !args.json && OUTPUT_KINDS.every((kind) => args[kind] !== STANDARD_STREAM);
}

/** Whether only a heat map is requested, which needs half the time. */
export function isMapAlone(args: ReportingArguments & JsonArguments & { 'check-coder': boolean }): boolean {
  const hasTables = [args.csv, args.html].some((path) => path !== undefined);
  return args.heatmap !== undefined && !hasTables && !args.json && !args.compare && !args['check-coder'];
}

/** Writes the output of `kind`, if requested. */
export async function writeResult(
  kind: OutputKind,
  content: Uint8Array | string,
  args: ReportingArguments,
): Promise<void> {
  const path = args[kind];
  if (path !== undefined) await writeTarget(targetOf(path, args), Buffer.from(content));
}

/**
 * Writes the CSV table and the HTML page, if requested, and prints their names.
 * @param failed number of files without an entry
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
  await write('html', reportPage({ entries, names, failed, made: new Date() }));
}

function targetOf(path: string, { force }: ReportingArguments) {
  return { path, force, source: null };
}
