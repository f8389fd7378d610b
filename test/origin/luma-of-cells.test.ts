import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lumaOfCells } from '#pixrnn/origin/luma-of-cells.js';
import { ORIGINS } from '#pixrnn/origin/origins.js';

const { subsampling: half } = ORIGINS.find(({ name }) => name === 'JPEG, 4:2:0')!;
const { subsampling: full } = ORIGINS.find(({ name }) => name === 'JPEG, 4:4:4')!;
const LUMA = Uint8Array.of(10, 20, 31, 40, 50, 62, 7, 8, 10);
const SIZE = { width: 3, height: 3 };

test('the luma of a cell is the mean of its pixels, and halves are rounded up', () => {
  assert.deepEqual([...lumaOfCells(LUMA, SIZE, half, { x: 0, y: 0 })], [30, 47, 8, 10]);
  assert.deepEqual([...lumaOfCells(LUMA, SIZE, half, { x: 1, y: 0 })], [25, 41, 7, 9]);
  assert.deepEqual([...lumaOfCells(LUMA, SIZE, half, { x: 0, y: 1 })], [15, 31, 26, 36]);
  assert.deepEqual(lumaOfCells(LUMA, SIZE, full, { x: 0, y: 0 }), LUMA);
});
