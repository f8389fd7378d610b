/** A cell of a CSV table; null is an empty one. */
export type Cell = string | number | null;

/**
 * Rows as CSV (RFC 4180): commas, lines ended by CR LF, cells in double quotes where they hold a comma, a quote or a line break, quotes
 * doubled. Numbers have a point and no thousands.
 *
 * Spreadsheets take a cell that begins with one of = + - @ for a formula, and a file may have such a name: an apostrophe in front makes
 * it text, also where blanks or control characters come first. Whoever reads the table by a program takes it off again.
 */
export function formatCsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map(formatCell).join(',') + '\r\n').join('');
}

function formatCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = isFormula(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Full-width forms count too: some spreadsheets take them for the signs. */
function isFormula(text: string): boolean {
  return /^[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(text) || /^[\t\r\n]/.test(text);
}
