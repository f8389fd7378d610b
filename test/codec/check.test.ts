import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplesDigest } from '#pixrnn/codec/check.js';
import { CHECK_BYTES, checksum } from '#pixrnn/crc32.js';
import { crc32 } from '#pixrnn/crc32.js';

const ascii = (text: string) => new TextEncoder().encode(text);

test('the CRC-32 is that of zlib and PNG', () => {
  assert.equal(crc32(ascii('123456789')), 0xcbf43926);
  assert.equal(crc32(), 0);
});

test('the check is the low half of the CRC-32', () => {
  assert.equal(checksum(CHECK_BYTES, ascii('123456789')), 0x3926);
});

test('several parts give the same check as one', () => {
  assert.equal(crc32(ascii('1234'), ascii(''), ascii('56789')), 0xcbf43926);
});

test('the digest is the first half of SHA-256', () => {
  const digest = samplesDigest(ascii('abc'));
  assert.equal(Buffer.from(digest).toString('hex'), 'ba7816bf8f01cfea414140de5dae2223');
  assert.equal(Object.getPrototypeOf(digest), Uint8Array.prototype);
});
