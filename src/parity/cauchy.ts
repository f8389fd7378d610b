import { addProduct, inverse, multiply } from './gf256.js';

/*
 * A Reed-Solomon erasure code (Reed and Solomon, 1960) with a Cauchy matrix (Blömer et al., 1995; Plank, 2005). A parity
 * row is a linear combination of the data columns; its coefficient of a column is 1 / (x + y), with an x for each row and
 * a y for each column that are all different. Every square part of such a matrix has an inverse, so any rows restore as
 * many columns.
 */

/** Maximum number of columns and rows together: the elements of the field. */
export const MAX_BLOCKS = 256;

/** A parity row that is left. */
export interface Row {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** The elements of columns ascend from 0, those of rows descend from 255, so they need not know each other's number. */
const elementOfColumn = (column: number): number => column;
const elementOfRow = (row: number): number => MAX_BLOCKS - 1 - row;

function coefficient(row: number, column: number): number {
  return inverse(elementOfRow(row) ^ elementOfColumn(column));
}

/**
 * Returns parity rows 0 to `count` - 1 of the data columns.
 * @param columns the data; shorter ones count as padded with zeros
 * @param length bytes of a row
 */
export function parityRows(columns: readonly Uint8Array[], count: number, length: number): Uint8Array[] {
  const rows = Array.from({ length: count }, () => new Uint8Array(length));
  columns.forEach((column, i) => rows.forEach((row, index) => addProduct(row, column, coefficient(index, i))));
  return rows;
}

/**
 * Restores the data columns that are null.
 * @returns the restored columns in order, padded with zeros; null if there are fewer rows than missing columns
 */
export function restoreColumns(
  columns: readonly (Uint8Array | null)[],
  rows: readonly Row[],
  length: number,
): Uint8Array[] | null {
  const missing = columns.flatMap((column, i) => (column === null ? [i] : []));
  if (rows.length < missing.length) return null;
  const used = rows.slice(0, missing.length);
  const sums = used.map(({ bytes }) => Uint8Array.from(bytes));
  columns.forEach((column, i) => {
    if (column) used.forEach(({ index }, k) => addProduct(sums[k] as Uint8Array, column, coefficient(index, i)));
  });
  const inverted = invertCauchy(
    used.map(({ index }) => elementOfRow(index)),
    missing.map(elementOfColumn),
  );
  return inverted.map((factors) => {
    const restored = new Uint8Array(length);
    factors.forEach((factor, i) => addProduct(restored, sums[i] as Uint8Array, factor));
    return restored;
  });
}

/**
 * Returns the inverse of the Cauchy matrix 1 / (x[i] + y[j]), in rows, by its closed form: entry (j, i) is
 * prod_k (x[i] + y[k]) (x[k] + y[j]) / ((x[i] + y[j]) prod_(k != i) (x[i] + x[k]) prod_(k != j) (y[j] + y[k])).
 */
function invertCauchy(x: readonly number[], y: readonly number[]): number[][] {
  const product = (factors: readonly number[]): number => factors.reduce(multiply, 1);
  const differences = (all: readonly number[], one: number): number =>
    product(all.filter((other) => other !== one).map((other) => other ^ one));
  const ofRows = x.map((one) => multiply(product(y.map((other) => one ^ other)), inverse(differences(x, one))));
  const ofColumns = y.map((one) => multiply(product(x.map((other) => one ^ other)), inverse(differences(y, one))));
  return y.map((column, j) =>
    x.map((row, i) => product([ofRows[i] as number, ofColumns[j] as number, inverse(row ^ column)])),
  );
}
