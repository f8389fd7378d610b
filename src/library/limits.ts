import { PixrnnError } from '../errors.js';

/** Default limit of an input, in bytes. */
export const MAX_INPUT_BYTES = 2 ** 30;

/** Throws `usage` unless the value is undefined or an integer >= 1. */
export function requireCount(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw new PixrnnError('usage', `${name} must be an integer >= 1, not ${value}. Change it.`);
}

/** Throws `usage` unless the value is undefined or a number >= 0; Infinity is allowed. */
export function requireLimit(name: string, value: number | undefined): void {
  if (value === undefined || value >= 0) return;
  throw new PixrnnError('usage', `${name} must be a number >= 0, not ${value}. Change it.`);
}
