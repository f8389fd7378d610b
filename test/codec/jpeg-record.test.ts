import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compressBrotli } from '#pixrnn/brotli.js';
import { concatBytes } from '#pixrnn/bytes.js';
import { inOrder, unpackJpegRecord } from '#pixrnn/codec/jpeg-record.js';
import { encodeJpegFile, parseFile } from '#pixrnn/codec/container.js';
import { restoreFile } from '#pixrnn/codec/restore-file.js';
import { MAX_IMAGES, MAX_NESTING } from '#pixrnn/jpeg/parsed-jpeg.js';
import { encodeVarint } from '#pixrnn/varint.js';
import { inThread } from '../../fixtures/in-thread.js';
import { fileWithThumbnails } from '../jpeg/drawn-pixels.js';
import { assertRebuilds } from '../jpeg/rebuild.js';

/* Records of JPEG files that unpack to far more than their bytes. */

/** A structure with a frame alone: one component of one pixel. */
const FRAME = Uint8Array.of(6, 0xc0, 8, 1, 1, 1);
/** A table of one entry is a part of 4 bytes that needs 128 bytes and an object. */
const TABLE = Uint8Array.of(4, 1, 0, 1, 50);
const corrupt = { name: 'PixrnnError', code: 'file-corrupt' };

function recordOf(...parts: Uint8Array[]): Uint8Array {
  const structure = concatBytes(parts);
  return concatBytes([Uint8Array.from(encodeVarint(structure.length)), structure]);
}

function repeated(bytes: Uint8Array, count: number): Uint8Array {
  return concatBytes(Array.from({ length: count }, () => bytes));
}

/** A part without literals and with some nested streams. */
function streams(count: number): Uint8Array {
  return concatBytes([Uint8Array.of(1, 1), Uint8Array.from(encodeVarint(count)), new Uint8Array(count)]);
}

const unpack = async (...records: Uint8Array[]) => unpackJpegRecord(await compressBrotli(concatBytes(records)));

test('a record has at most 256 images, however they are nested', async () => {
  const most = await unpack(recordOf(FRAME, streams(MAX_IMAGES - 1)), repeated(recordOf(FRAME), MAX_IMAGES - 1));
  assert.equal(inOrder(most).length, MAX_IMAGES);
  await assert.rejects(unpack(recordOf(FRAME, streams(MAX_IMAGES)), repeated(recordOf(FRAME), MAX_IMAGES)), corrupt);
  const sixteen = recordOf(FRAME, streams(16));
  await assert.rejects(unpack(sixteen, repeated(concatBytes([sixteen, repeated(recordOf(FRAME), 16)]), 16)), corrupt);
});

test('the structures of a record have at most 2 MiB together', async () => {
  const tables = repeated(TABLE, 60_000);
  const six = [recordOf(FRAME, streams(1), tables), recordOf(FRAME, streams(5), tables)];
  const four = Array.from({ length: 4 }, () => recordOf(FRAME, tables));
  assert.equal(inOrder(await unpack(...six, ...four, recordOf(FRAME))).length, 7);
  await assert.rejects(unpack(...six, ...four, recordOf(FRAME, tables)), corrupt);
});

test('images count with those nested in them', async () => {
  const wide = Uint8Array.of(6, 0xc0, 8, 17, ...encodeVarint(8192), ...encodeVarint(8192));
  const record = await compressBrotli(concatBytes([recordOf(FRAME, streams(1)), recordOf(wide)]));
  const file = { width: 1, height: 1, extension: '.jpg', effort: 1, record } as const;
  const coefficients = [new Uint8Array(1), new Uint8Array(1)];
  const bytes = encodeJpegFile({ ...file, coefficients, digest: new Uint8Array(32) });
  await assert.rejects(restoreFile(parseFile(bytes), { pool: await inThread(), maxPixels: 1e6 }), {
    code: 'limit',
    message:
      'its images have 67108865 pixels and 201326656 coefficients in all. If you trust the file, raise maxPixels.',
  });
});

test('a file of 300 thumbnails is rebuilt; the last ones are literals', async () => {
  const parsed = assertRebuilds(await fileWithThumbnails(300));
  assert.equal(inOrder(parsed).length, MAX_IMAGES - MAX_NESTING);
});
