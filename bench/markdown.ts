import { writeFile } from 'node:fs/promises';
import { format } from 'prettier';

/** Stands for a value that could not be measured. */
export const NONE = '–';

/** Aligns the first `left` columns to the left and the others, which are figures, to the right. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[], left = 1): string {
  const rule = header.map((_, column) => (column < left ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Joins blocks of Markdown into one file, formatted as `npm run check` requires. */
export async function markdownFile(blocks: readonly string[]): Promise<string> {
  return format(blocks.join('\n\n'), { parser: 'markdown' });
}

/** Formats a figure with `decimals` decimals. */
export function fixed(value: number, decimals: number): string {
  return Number.isFinite(value) ? value.toFixed(decimals) : NONE;
}

/** Formats a time with three significant digits and no exponent: 0.02 s to hours. */
export function seconds(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value < 10 ? 2 : 1);
}

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

/** Writes a report to the file of --out, or to standard output. */
export async function writeReport(report: string, out: string | undefined): Promise<void> {
  if (out === undefined) process.stdout.write(report);
  else await writeFile(out, report);
}
