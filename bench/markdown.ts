import { writeFile } from 'node:fs/promises';
import { format } from 'prettier';

/** A cell that could not be measured. */
export const NONE = '–';

/** First `left` columns to the left, the others to the right, as figures are. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[], left = 1): string {
  const rule = header.map((_, column) => (column < left ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Blocks of Markdown as one file, laid out as `npm run check` wants it. */
export async function markdownFile(blocks: readonly string[]): Promise<string> {
  return format(blocks.join('\n\n'), { parser: 'markdown' });
}

/** A figure with so many decimals. */
export function fixed(value: number, decimals: number): string {
  return Number.isFinite(value) ? value.toFixed(decimals) : NONE;
}

/** Three significant digits, no exponent: times from 0.02 s to hours. */
export function seconds(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value < 10 ? 2 : 1);
}

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

/** Writes a report to the file of --out, or else to standard output. */
export async function writeReport(report: string, out: string | undefined): Promise<void> {
  if (out === undefined) process.stdout.write(report);
  else await writeFile(out, report);
}
