/** A cell of a CSV table; null is empty. */
export type Cell = string | number | null;

/**
 * Returns rows as CSV (RFC 4180): separated by commas, lines ended by CR LF, cells with commas, quotes or line breaks quoted. Numbers
 * have a decimal point and no thousands separators.
 *
 * Spreadsheets read a cell that begins with = + - or @ as a formula, and a file name may begin so. Such cells are prefixed with an
 * apostrophe, even after leading blanks or control characters; programs that read the table must remove it.
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

/** Includes full-width forms: some spreadsheets accept them as operators. */
function isFormula(text: string): boolean {
  return /^[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(text) || /^[\t\r\n]/.test(text);
}
