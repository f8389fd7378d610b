import { equalBytes } from '#pixrnn/bytes.js';
import { compressJpeg } from '#pixrnn/codec/compress-jpeg.js';
import { parseFile } from '#pixrnn/codec/container.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { crc32 } from '#pixrnn/crc32.js';
import { JPEG_EFFORTS } from '#pixrnn/effort.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { describeJpeg } from '#pixrnn/jpeg/describe.js';
import { outlineOf } from '#pixrnn/jpeg/outline.js';
import { parseJpeg } from '#pixrnn/jpeg/parse-jpeg.js';
import { stripJpegMetadata } from '#pixrnn/jpeg/strip-metadata.js';
import { writeJpeg } from '#pixrnn/jpeg/write-jpeg.js';
import { inThread } from '../../fixtures/in-thread.js';
import { installFuzzHost } from './fuzz-host.js';
import { expect, outcomeOf } from './outcome.js';
import type { Execute } from './target.js';

const MAX_PIXELS = 4096;
/** One of so many files is stripped, decoded to pixels, and compressed and restored. */
const STRIP_SHARE = 8;
/** One of so many is described, and parsed and written again. */
const TWICE_SHARE = 8;
const PIXELS_SHARE = 64;
const CODING_SHARE = 256;

/** Returns the target that parses JPEG files, rebuilds them, strips them, and restores them from .prnn files. */
export async function jpegTarget(): Promise<Execute> {
  installFuzzHost();
  const pool = await inThread();
  return async (bytes) => {
    const hash = crc32(bytes);
    const { value: parsed, refusal } = await outcomeOf(() => parseJpeg(bytes, { maxPixels: MAX_PIXELS }));
    if (parsed) {
      const { shape, literalBytes, nested } = outlineOf(parsed.structure);
      expect(literalBytes === parsed.literals.length && nested === parsed.nested.length, 'the outline differs');
      expect(
        shape.width === parsed.image.width && shape.height === parsed.image.height,
        'the outline has another size',
      );
      const written = await outcomeOf(() => writeJpeg(parsed));
      if (hash % TWICE_SHARE === 3) {
        describeJpeg(parsed);
        const again = await outcomeOf(() => writeJpeg(parseJpeg(bytes, { maxPixels: MAX_PIXELS })));
        expect(isSame(written.value, again.value), 'parsing twice gives different files');
      }
    }
    if (hash % STRIP_SHARE === 0) {
      const stripped = await outcomeOf(() => stripJpegMetadata(bytes));
      if (stripped.value) await outcomeOf(() => parseJpeg(stripped.value, { maxPixels: MAX_PIXELS }));
    }
    if (hash % PIXELS_SHARE === 1) {
      await outcomeOf(() => readImage(bytes, { maxPixels: MAX_PIXELS, allowLossySource: true }));
    }
    if (hash % CODING_SHARE === 2) {
      const effort = JPEG_EFFORTS[(hash >>> 8) % JPEG_EFFORTS.length]!;
      const source = { bytes, extension: '.jpg' };
      const { value } = await outcomeOf(() => compressJpeg(source, { effort, pool, maxPixels: MAX_PIXELS }));
      if (value) {
        const restored = await restoreFile(parseFile(value.bytes, { maxPixels: MAX_PIXELS }), { pool });
        expect(restored !== null && equalBytes(restored, bytes), 'another file is restored');
      }
    }
    return { reached: parsed !== undefined || refusal.code !== 'input-unsupported', refusal: refusal ?? null };
  };
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a && b ? equalBytes(a, b) : a === b;
}
