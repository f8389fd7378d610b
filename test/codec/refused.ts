import assert from 'node:assert/strict';
import { parseFile } from '#pixrnn/codec/container.js';
import { type ErrorCode, PixrnnError } from '#pixrnn/errors.js';

/** Checks that parsing a file fails with this code, and a message that says what to do. */
export function assertRefused(
  bytes: Uint8Array | number[],
  code: ErrorCode,
  message?: RegExp,
  maxPixels?: number,
): void {
  const options = maxPixels === undefined ? {} : { maxPixels };
  assert.throws(
    () => parseFile(Uint8Array.from(bytes), options),
    (error) => {
      assert.ok(error instanceof PixrnnError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, /^(it|the) .*\. [A-Z].*\.$/, 'the message states the fault and the remedy');
      if (message) assert.match(error.message, message);
      return true;
    },
  );
}

/** Returns the code of the error, or null if the bytes decode; any error but a PixrnnError fails the test. */
export function outcome(bytes: Uint8Array): ErrorCode | null {
  try {
    parseFile(bytes);
    return null;
  } catch (error) {
    if (error instanceof PixrnnError) return error.code;
    throw error;
  }
}
