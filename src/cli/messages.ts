import { nounFor } from '../counted.js';
import { PixrnnError } from '../errors.js';
import { escapeControls, shellWord } from '../node/path-text.js';

/** "412,345 bytes". */
export function formatBytes(bytes: number): string {
  return formatNumber(bytes, 'byte');
}

/** "412,345". */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ','); // toLocaleString loads its tables for 10 ms
}

/** "1 image", "64 images". */
export function formatNumber(count: number, noun: string): string {
  return `${formatCount(count)} ${nounFor(count, noun)}`;
}

/** "1, 2 or 3", "compress and report". */
export function listText(items: readonly string[], word: 'and' | 'or'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`;
}

/** "61 %"; with one decimal below 10 %. */
export function formatPercent(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

/** "1 h 05 min", "12 min", "40 s". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** "2.71 bits/dim". */
export function formatBitsPerDim(bits: number): string {
  return `${bits.toFixed(2)} bits/dim`;
}

/** Returns a file's name as messages show it. */
export function displayName(file: string): string {
  return file === '-' ? 'standard input' : shellWord(file);
}

/** Returns the line that a failure prints: `pixrnn: <file>: what failed and why. What to do.` */
export function errorLine(error: unknown, file?: string): string {
  const start = file === undefined ? 'pixrnn' : `pixrnn: ${displayName(file)}`;
  return `${start}: ${escapeControls(errorMessage(error))}\n`;
}

/** Returns the line for an image that is skipped; `why` as in "is smaller than ...". */
export function skippedLine(file: string, why: string): string {
  return `pixrnn: ${displayName(file)}: skipped: it ${escapeControls(why)}.\n`;
}

/** Returns an error's message, with the names of library options replaced by switches: `--max-pixels` for `maxPixels`. */
export function messageOf(error: unknown): string {
  if (!(error instanceof PixrnnError)) return error instanceof Error ? error.message : String(error);
  const { message, option } = error;
  if (option === undefined) return message;
  const typed = option === 'models' ? 'model' : option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return message.replace(new RegExp(`\\b${option}\\b(?!.*\\b${option}\\b)`, 's'), `--${typed}`);
}

function errorMessage(error: unknown): string {
  if (error instanceof PixrnnError) return messageOf(error);
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `internal error (${what}). Please report it, with the command line.`;
}
