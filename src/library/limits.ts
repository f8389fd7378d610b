import { PixrnnError } from '../errors.js';

/** Bytes of an input, unless a caller raises the limit. */
export const MAX_INPUT_BYTES = 2 ** 30;

/** Throws `usage` unless an option is a whole number from 1, or not given. */
export function requireCount(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw new PixrnnError('usage', `${name} must be a whole number from 1 up, not ${value}. Give another.`);
}

/** Throws `usage` unless an option is a number from 0, which may be Infinity, or not given. */
export function requireLimit(name: string, value: number | undefined): void {
  if (value === undefined || value >= 0) return;
  throw new PixrnnError('usage', `${name} must be a number from 0 up, not ${value}. Give another.`);
}
