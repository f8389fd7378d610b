import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PixrnnError } from '#pixrnn/errors.js';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import type { Samples } from '#pixrnn/samples.js';
import { needsData, SHARED_DATA } from '../needs.js';
import { rawSamplesWithPngjs } from './pngjs.js';

/** PngSuite and other unusual files. */
const FOLDER = join(SHARED_DATA, 'formats');
const skip = needsData('formats');

const all = !skip
  ? readdirSync(FOLDER).flatMap((folder) =>
      readdirSync(join(FOLDER, folder))
        .filter((name) => name.endsWith('.png'))
        .map((name) => `${folder}/${name}`),
    )
  : [];

/** Reasons why invalid files are rejected, and those files; every other file must be restored. */
const REFUSED: [reason: RegExp, files: string[]][] = [
  [/its signature is wrong/, ['xs1n0g01', 'xs2n0g01', 'xs4n0g01', 'xs7n0g01', 'xcrn0g04', 'xlfn0g04']],
  [/the checksum of its IHDR chunk .* does not match/, ['xhdn0g08']],
  [/its IHDR chunk has the undefined colour type (1|9)/, ['xc1n0g08', 'xc9n2c08']],
  [/its IHDR chunk has (0|3|99) bits for colour type 2, which/, ['xd0n2c08', 'xd3n2c08', 'xd9n2c08']],
  [/it has no image data \(no IDAT chunk\)/, ['xdtn0g01']],
  [/the checksum of its IDAT chunk .* does not match/, ['xcsn0g01']],
  [/an animated PNG of 20 frames.*firstFrame/, ['issue#202']],
  [/the checksum of its iCCP chunk .* does not match/, ['issue#430']],
  [/its IDAT chunks are separated by a gAMA chunk/, ['x_consecutive_idat']],
  [/image data \(IDAT\) .* cannot contain the \d+ bytes/, ['x_image-issue#1075']],
  [/is cut off after \d+ bytes/, ['x_issue#214', 'x_issue#230.1']],
  [/it is not an image file of a known format/, ['corrupted_header']],
];

function reasonFor(file: string): RegExp | undefined {
  const name = file.replace(/.*\/|\.png$/g, '');
  return REFUSED.find(([, names]) => names.includes(name))?.[0];
}

/** oxipng's largest files are slow. */
const MAX_OXIPNG_BYTES = 140_000;
const isLarge = (file: string): boolean =>
  file.startsWith('oxipng/') && statSync(join(FOLDER, file)).size > MAX_OXIPNG_BYTES;
const files = all.filter((file) => reasonFor(file) || !isLarge(file));

test('restores PNG files of every kind, or rejects them with the reason', { skip }, async (context) => {
  let [kept, refused] = [0, 0];
  for (const file of files) {
    await context.test(file, async () => {
      const png = readFileSync(join(FOLDER, file));
      const reason = reasonFor(file);
      if (reason) {
        await assert.rejects(readImage(png), (error: unknown) => {
          assert.ok(error instanceof PixrnnError);
          assert.match(error.message, reason);
          assert.match(error.message, /\. (pixrnn|[A-Z]).*\.$/, 'the message states the remedy');
          return true;
        });
        refused++;
      } else {
        await checkWhole(png);
        kept++;
      }
    });
  }
  context.diagnostic(`${kept} files come back whole, ${refused} are refused, ${files.length} in all`);
  assert.ok(files.length > 300);
  assert.equal(kept + refused, files.length);
});

/** Compares the headers except interlacing, the samples as two decoders read them, and the chunks in order. */
async function checkWhole(png: Uint8Array): Promise<void> {
  const { raster, metadata } = await readImage(png);
  assert.ok(sameSamples(raster.samples, rawSamplesWithPngjs(png)), 'samples read');
  const written = await writePng(raster, metadata);
  assert.ok(sameSamples(rawSamplesWithPngjs(written), raster.samples), 'samples written');
  assert.deepEqual(headerOf(written), headerOf(png));
  assert.deepEqual(metadataOf(written), metadataOf(png));
}

/** Compares type and bytes of two arrays; faster than deepEqual. */
function sameSamples(a: Samples, b: Samples): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: Samples): Buffer => Buffer.from(buffer, byteOffset, byteLength);
  return a.BYTES_PER_ELEMENT === b.BYTES_PER_ELEMENT && Buffer.compare(bytes(a), bytes(b)) === 0;
}

/** Returns IHDR without its last byte, the interlace method. */
function headerOf(png: Uint8Array): Buffer {
  return Buffer.from(readChunks(png).chunks[0]!.data.subarray(0, 12));
}

/** Returns all chunks but header and image data, with the position of the image data. */
function metadataOf(png: Uint8Array): unknown {
  const { chunks, trailing } = readChunks(png);
  const list = chunks.filter(({ type }) => type !== 'IHDR').map(({ type, data }) => [type, Buffer.from(data)]);
  const image = list.findIndex(([type]) => type === 'IDAT');
  return [list.slice(0, image), list.slice(image).filter(([type]) => type !== 'IDAT'), Buffer.from(trailing)];
}
