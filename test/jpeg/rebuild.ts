import assert from 'node:assert/strict';
import { outlineOf } from '#pixrnn/jpeg/outline.js';
import { parseJpeg } from '#pixrnn/jpeg/parse-jpeg.js';
import type { ParsedJpeg } from '#pixrnn/jpeg/parsed-jpeg.js';
import { writeJpeg } from '#pixrnn/jpeg/write-jpeg.js';

export const MAX_PIXELS = 2 ** 26;

/** Parses a file; checks that it is rebuilt byte for byte and that its outline agrees. */
export function assertRebuilds(bytes: Uint8Array, name = 'the file'): ParsedJpeg {
  const parsed = parseJpeg(bytes, { maxPixels: MAX_PIXELS });
  assert.equal(Buffer.compare(writeJpeg(parsed), bytes), 0, `${name} is not rebuilt`);
  const { shape, literalBytes, nested } = outlineOf(parsed.structure);
  const components = parsed.image.components.map((component) => ({ ...component, coefficients: undefined }));
  const expected = shape.components.map((component) => ({ ...component, coefficients: undefined }));
  assert.deepEqual({ ...parsed.image, components }, { ...shape, components: expected });
  assert.equal(literalBytes, parsed.literals.length);
  assert.equal(nested, parsed.nested.length);
  return parsed;
}

/** Returns the coefficients of all components. */
export function coefficientsOf({ image }: ParsedJpeg): Int16Array[] {
  return image.components.map(({ coefficients }) => coefficients);
}
