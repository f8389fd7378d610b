import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChromaGrid } from '#pixrnn/origin/chroma-grid.js';
import {
  CENTRED_420,
  CENTRED_422,
  CENTRED_440,
  COSITED_420,
  REPLICATED_420,
  type Subsampling,
} from '#pixrnn/origin/subsampling.js';
import { generator } from '../../fixtures/draw.js';

const START = { x: 0, y: 0 } as const;

function enlarged(plane: Uint8Array, width: number, height: number, subsampling: Subsampling): number[][] {
  const grid = new ChromaGrid(width, height, subsampling, START);
  assert.equal(grid.size, plane.length);
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => grid.chromaAt(plane, x, y)));
}

/** `h2v1_fancy_upsample` of libjpeg, line by line. */
function fancyRow(row: readonly number[]): number[] {
  const last = row.length - 1;
  return row.flatMap((value, i) => [
    i === 0 ? value : (3 * value + row[i - 1]! + 1) >> 2,
    i === last ? value : (3 * value + row[i + 1]! + 2) >> 2,
  ]);
}

/** `h2v2_fancy_upsample` of libjpeg, line by line. */
function fancyRows(rows: readonly (readonly number[])[]): number[][] {
  const last = rows[0]!.length - 1;
  return rows.flatMap((row, y) =>
    [rows[Math.max(0, y - 1)]!, rows[Math.min(rows.length - 1, y + 1)]!].map((other) => {
      const sums = row.map((value, i) => 3 * value + other[i]!);
      return sums.flatMap((sum, i) => [
        i === 0 ? (4 * sum + 8) >> 4 : (3 * sum + sums[i - 1]! + 8) >> 4,
        i === last ? (4 * sum + 7) >> 4 : (3 * sum + sums[i + 1]! + 7) >> 4,
      ]);
    }),
  );
}

function drawn(width: number, height: number): { rows: number[][]; plane: Uint8Array } {
  const random = generator(width);
  const rows = Array.from({ length: height }, () => Array.from({ length: width }, () => Math.floor(256 * random())));
  return { rows, plane: Uint8Array.from(rows.flat()) };
}

test('centred chroma is enlarged as libjpeg does', () => {
  for (const [width, height] of [
    [1, 1],
    [2, 1],
    [7, 5],
    [1, 6],
  ] as const) {
    // prettier-ignore
    const { rows, plane } = drawn(width, height);
    assert.deepEqual(enlarged(plane, 2 * width, height, CENTRED_422), rows.map(fancyRow));
    assert.deepEqual(enlarged(plane, 2 * width, 2 * height, CENTRED_420), fancyRows(rows));
    const columns = rows[0]!.map((_, x) => fancyRowDown(rows.map((row) => row[x]!)));
    const rotated = Array.from({ length: 2 * height }, (_, y) => columns.map((column) => column[y]!));
    assert.deepEqual(enlarged(plane, width, 2 * height, CENTRED_440), rotated);
  }
});

/** `h1v2_fancy_upsample` of libjpeg-turbo for a column. */
function fancyRowDown(column: readonly number[]): number[] {
  return column.flatMap((value, i) => [
    (3 * value + column[Math.max(0, i - 1)]! + 1) >> 2,
    (3 * value + column[Math.min(column.length - 1, i + 1)]! + 2) >> 2,
  ]);
}

test('odd sizes leave out the second pixels of the last cells', () => {
  const { rows, plane } = drawn(4, 3);
  const expected = fancyRows(rows).slice(0, 5).map((row) => row.slice(0, 7)); // prettier-ignore
  assert.deepEqual(enlarged(plane, 7, 5, CENTRED_420), expected);
});

test('cosited chroma has its own value at even places and means between them', () => {
  const found = enlarged(Uint8Array.of(10, 21, 40, 80), 4, 4, COSITED_420);
  assert.deepEqual(found, [[10, 16, 21, 21], [25, 38, 51, 51], [40, 60, 80, 80], [40, 60, 80, 80]]); // prettier-ignore
});

test('replicated chroma is repeated', () => {
  assert.deepEqual(enlarged(Uint8Array.of(1, 2), 4, 2, REPLICATED_420), [[1, 1, 2, 2], [1, 1, 2, 2]]); // prettier-ignore
});

test('a phase of 1 begins with the second pixel of a cell', () => {
  const grid = new ChromaGrid(3, 1, COSITED_420, { x: 1, y: 0 });
  assert.equal(grid.columns.count, 2);
  assert.deepEqual([0, 1, 2].map((x) => grid.chromaAt(Uint8Array.of(10, 20), x, 0)), [15, 20, 20]); // prettier-ignore
});
