/** Bias rows of matrices: repeated for every row and, in the backward pass, summed over the rows. */

/** Sets rows[i][j] = row[j] for `count` consecutive rows; width a multiple of 4. */
export function repeatRow(row: usize, width: i32, rows: usize, count: i32): void {
  const bytes = (<usize>width) << 2;
  for (let i = 0; i < count; i++) {
    for (let j: usize = 0; j < bytes; j += 16) v128.store(rows + j, v128.load(row + j));
    rows += bytes;
  }
}

/**
 * Sets sums[j] to the sum over i of rows[i][j], added in ascending order of i (part of the format); width a multiple of
 * 4.
 */
export function sumRows(rows: usize, width: i32, count: i32, sums: usize): void {
  const bytes = (<usize>width) << 2;
  for (let j: usize = 0; j < bytes; j += 16) {
    let sum = f32x4.splat(0);
    let at = rows + j;
    for (let i = 0; i < count; i++) {
      sum = f32x4.add(sum, v128.load(at));
      at += bytes;
    }
    v128.store(sums + j, sum);
  }
}
