import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { parseJpeg } from '#pixrnn/jpeg/parse-jpeg.js';
import { segmentBytes } from '#pixrnn/jpeg/markers.js';
import { stripJpegMetadata } from '#pixrnn/jpeg/strip-metadata.js';
import { cameraFile } from '../codec/jpeg-files.js';
import { drawnImage } from './drawn-pixels.js';
import { assertRebuilds, coefficientsOf, MAX_PIXELS } from './rebuild.js';
import { sampleFiles } from './sample-files.js';

const segment = (marker: number, text: string) => segmentBytes(marker, Buffer.from(text, 'latin1'));
const PRIVATE = 'SECRET';
/** Segments that must go: JFXX, EXIF again, XMP, MPF, maker's data, comment. */
const METADATA = [
  segment(0xe0, `JFXX\0\x10${PRIVATE}`),
  segment(0xe1, `Exif\0\0MM\0*\0\0\0\x08${PRIVATE}`),
  segment(0xe1, `http://ns.adobe.com/xap/1.0/\0<x>${PRIVATE}</x>`),
  segment(0xe2, `MPF\0${PRIVATE}`),
  segment(0xec, `Ducky${PRIVATE}`),
  segment(0xee, PRIVATE),
  segment(0xfe, PRIVATE),
];

/** Returns a file with metadata after its SOI marker, before every scan and after its end. */
function withMetadata(file: Uint8Array): Buffer {
  const parts: Uint8Array[] = [file.subarray(0, 2), ...METADATA];
  let from = 2;
  const scan = Buffer.from([0xff, 0xda]);
  for (let at = Buffer.from(file).indexOf(scan, from); at >= 0; at = Buffer.from(file).indexOf(scan, at + 2)) {
    parts.push(file.subarray(from, at), ...METADATA);
    from = at;
  }
  return Buffer.concat([...parts, file.subarray(from), Buffer.from(PRIVATE)]);
}

const pixelsOf = (file: Uint8Array) => sharp(file).raw().toBuffer();

test('files without metadata are returned as they are', async () => {
  for (const { name, bytes } of await sampleFiles(40, 24)) {
    assert.equal(Buffer.compare(stripJpegMetadata(bytes), bytes), 0, name);
  }
});

test('segments, comments and trailers are removed anywhere, and nothing else', async () => {
  for (const { name, bytes } of await sampleFiles(40, 24)) {
    assert.equal(Buffer.compare(stripJpegMetadata(withMetadata(bytes)), bytes), 0, name);
  }
});

test('position and camera go; orientation, profile, coefficients and pixels stay', async () => {
  const file = await cameraFile();
  const stripped = stripJpegMetadata(file);
  assert.ok(Buffer.from(file).includes('Canon') && !Buffer.from(stripped).includes('Canon'));
  const [before, after] = [await sharp(file).metadata(), await sharp(stripped).metadata()];
  assert.equal(after.orientation, 6);
  assert.ok(after.icc);
  assert.deepEqual(after.icc, before.icc);
  // "Exif\0\0", a header, and one directory with one field.
  assert.equal(after.exif?.length, 6 + 8 + 2 + 12 + 4);
  assert.deepEqual(coefficientsOf(assertRebuilds(stripped)), coefficientsOf(assertRebuilds(file)));
  assert.equal(Buffer.compare(await pixelsOf(stripped), await pixelsOf(file)), 0);
  assert.equal(Buffer.compare(stripJpegMetadata(stripped), stripped), 0, 'a second time');
});

test('an upright image keeps no EXIF', async () => {
  const file = await drawnImage(24, 16)
    .withExif({ IFD0: { Orientation: '1', Make: 'Canon' } })
    .jpeg()
    .toBuffer();
  assert.ok(file.includes('Exif'));
  assert.ok(!Buffer.from(stripJpegMetadata(file)).includes('Exif'));
});

test('little endian EXIF keeps its orientation, and only the first one counts', async () => {
  const file = await drawnImage(24, 16).jpeg().toBuffer();
  const exif = (orientation: number) =>
    segment(
      0xe1,
      `Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0${String.fromCharCode(orientation)}\0\0\0\0\0\0\0`,
    );
  const given = Buffer.concat([file.subarray(0, 2), exif(8), exif(3), file.subarray(2)]);
  const stripped = stripJpegMetadata(given);
  assert.equal(Buffer.compare(stripped, Buffer.concat([file.subarray(0, 2), exif(8), file.subarray(2)])), 0);
  assert.equal((await sharp(stripped).metadata()).orientation, 8);
});

test('the thumbnail of a JFIF header goes, the header stays', async () => {
  const file = await drawnImage(24, 16).jpeg().toBuffer();
  const withJfif = (end: string) => {
    const jfif = segment(0xe0, `JFIF\0\x01\x02\x01\0\x48\0\x48${end}`);
    return Buffer.concat([file.subarray(0, 2), jfif, file.subarray(2)]);
  };
  const given = withJfif(`\x01\x02${PRIVATE}`);
  assert.equal(Buffer.compare(stripJpegMetadata(given), withJfif('\0\0')), 0);
});

test('damaged files are stripped without harm to what is intact', async () => {
  const file = withMetadata((await sampleFiles(24, 16))[0]!.bytes);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 4 }),
      fc.nat(),
      (changes, cut) => {
        const damaged = Uint8Array.from(file.subarray(0, 2 + (cut % file.length)));
        for (const [at, byte] of changes) if (at >= 3 && at < damaged.length) damaged[at] = byte;
        const stripped = stripJpegMetadata(damaged);
        assert.ok(stripped.length <= damaged.length);
        assert.equal(Buffer.compare(stripJpegMetadata(stripped), stripped), 0);
      },
    ),
    { numRuns: 2000, seed: 7 },
  );
  const truncated = stripJpegMetadata(file.subarray(0, -PRIVATE.length - 20));
  assert.ok(parseJpeg(truncated, { maxPixels: MAX_PIXELS }).image.width === 24);
});
