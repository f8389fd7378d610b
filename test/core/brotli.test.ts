import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { compressBrotli, decompressBrotli } from '#pixrnn/brotli.js';
import { noise } from '../../fixtures/draw.js';

const text = new TextEncoder().encode('lossless image compression, '.repeat(5000));
const random = noise({ width: 200, height: 200, channels: 3 }).samples;

test('its decoder and another one restore the compressed bytes', async () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.of(9), text, random]) {
    const payload = await compressBrotli(bytes);
    assert.deepEqual(await decompressBrotli(payload, bytes.length), bytes);
    assert.deepEqual(new Uint8Array(brotliDecompressSync(payload)), bytes);
    assert.deepEqual(await decompressBrotli(brotliCompressSync(bytes), bytes.length), bytes);
  }
  assert.ok((await compressBrotli(text)).length < 100);
});

test('compresses megabytes in seconds', async () => {
  const large = new Uint8Array(3 * 2 ** 20);
  for (let at = 0; at < large.length; at += random.length) large.set(random.subarray(0, large.length - at), at);
  assert.deepEqual(await decompressBrotli(await compressBrotli(large), large.length), large);
});

test('rejects anything but one whole stream within the limit', async () => {
  const payload = await compressBrotli(text);
  await assert.rejects(decompressBrotli(payload, text.length - 1), /more than 139999 bytes/);
  await assert.rejects(decompressBrotli(payload.subarray(0, payload.length - 1), text.length), /incomplete/);
  await assert.rejects(decompressBrotli(new Uint8Array(0), 9), /incomplete/);
  await assert.rejects(decompressBrotli(Uint8Array.from([...payload, 0]), text.length), /bytes follow/);
  await assert.rejects(decompressBrotli(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), 99), Error);
});
