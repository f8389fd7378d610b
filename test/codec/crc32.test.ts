import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from '#pixrnn/crc32.js';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test('computes the CRC-32 of known bytes', () => {
  assert.equal(crc32(), 0);
  assert.equal(crc32(new Uint8Array(0)), 0);
  assert.equal(crc32(ascii('123456789')), 0xcbf43926);
  assert.equal(crc32(ascii('IEND')), 0xae426082);
});

test('the CRC-32 of parts is that of the whole', () => {
  // The CRC of the first four bytes is 0.
  const whole = Uint8Array.from([0x9d, 0x0a, 0xd9, 0x6d, ...ascii('123456789')]);
  assert.equal(crc32(whole.subarray(0, 4)), 0);
  for (let end = 0; end <= whole.length; end++) {
    assert.equal(crc32(whole.subarray(0, end), whole.subarray(end)), crc32(whole), `${end}`);
  }
});
