import assert from 'node:assert/strict';
import { PixrnnError } from '#pixrnn/errors.js';
import { emptyImage } from '#pixrnn/jpeg/frame.js';
import { outlineOf } from '#pixrnn/jpeg/outline.js';
import { parseJpeg } from '#pixrnn/jpeg/parse-jpeg.js';
import type { ParsedJpeg } from '#pixrnn/jpeg/parsed-jpeg.js';
import { writeJpeg } from '#pixrnn/jpeg/write-jpeg.js';
import { MAX_PIXELS } from './rebuild.js';

/** How mutated input was handled. */
export interface Outcomes {
  exact: number;
  different: number;
  refused: number;
  slowestMs: number;
}

export type Random = (below: number) => number;

/** Codes of the errors that a parser and a writer may throw. */
const CODES = ['input-unreadable', 'input-unsupported', 'limit', 'file-corrupt', 'file-truncated'];

/** Returns a copy with 1 to `max` random changes: bytes set, bits flipped, ranges removed, repeated or moved, markers. */
export function mutated(bytes: Uint8Array, random: Random, max = 4): Uint8Array {
  let copy = Buffer.from(bytes);
  for (let changes = 1 + random(max); changes > 0 && copy.length > 0; changes--) {
    const at = random(copy.length);
    const end = Math.min(copy.length, at + 1 + random(random(2) === 0 ? 4 : 60));
    const range = Buffer.from(copy.subarray(at, end));
    const edits: (() => Buffer)[] = [
      () => Buffer.concat([copy.subarray(0, at), Buffer.from([random(256)]), copy.subarray(at + 1)]),
      () => Buffer.concat([copy.subarray(0, at), Buffer.from([copy[at]! ^ (1 << random(8))]), copy.subarray(at + 1)]),
      () => Buffer.concat([copy.subarray(0, at), copy.subarray(end)]),
      () => Buffer.concat([copy.subarray(0, end), range, copy.subarray(end)]),
      () => Buffer.concat([copy.subarray(0, at), Buffer.from([0xff, 0xc0 + random(64)]), copy.subarray(at)]),
      () => copy.subarray(0, at),
      () => {
        const to = random(copy.length);
        return Buffer.concat([copy.subarray(0, to), range, copy.subarray(to)]);
      },
    ];
    copy = Buffer.from(edits[random(edits.length)]!());
  }
  return new Uint8Array(copy);
}

/** Parses and rebuilds a mutated file. Anything but a PixrnnError is a failure. */
export function tryFile(bytes: Uint8Array, outcomes: Outcomes): void {
  timed(outcomes, () => {
    const rebuilt = writeJpeg(parseJpeg(bytes, { maxPixels: MAX_PIXELS }));
    return Buffer.compare(rebuilt, bytes) === 0 ? 'exact' : 'different';
  });
}

/** Writes a file from a mutated record, with the coefficients of `image` where they fit its shape, else without any. */
export function tryRecord(parsed: ParsedJpeg, outcomes: Outcomes): void {
  timed(outcomes, () => {
    const { shape } = outlineOf(parsed.structure);
    const blocks = shape.components.reduce((sum, { blocksWide, blocksHigh }) => sum + blocksWide * blocksHigh, 0);
    const original = parsed.image.components.reduce((sum, { coefficients }) => sum + coefficients.length / 64, 0);
    if (blocks > 4096) return 'refused';
    writeJpeg(blocks === original ? parsed : { ...parsed, image: emptyImage(shape) });
    return 'different';
  });
}

function timed(outcomes: Outcomes, handle: () => 'exact' | 'different' | 'refused'): void {
  const start = performance.now();
  try {
    outcomes[handle()]++;
  } catch (error) {
    if (!(error instanceof PixrnnError)) throw error;
    assert.ok(CODES.includes(error.code), `${error.code}: ${error.message}`);
    outcomes.refused++;
  }
  outcomes.slowestMs = Math.max(outcomes.slowestMs, performance.now() - start);
}
