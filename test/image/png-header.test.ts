import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerChunk, parseHeader } from '#pixrnn/image/png-header.js';
import { KINDS } from './reference-png.js';

test('restores the header of every kind of image', () => {
  for (const kind of KINDS) {
    const shape = { width: 5, height: 0x7fffffff, ...kind };
    const colourType = kind.indexed ? 3 : [0, 4, 2, 6][kind.channels - 1];
    assert.deepEqual(parseHeader(headerChunk(shape).data), { ...shape, colourType, interlaced: false });
  }
});

test('rejects header fields that PNG does not define', () => {
  const header = headerChunk({ width: 5, height: 4, channels: 3, depth: 8, indexed: false }).data;
  const withByte = (index: number, value: number): Uint8Array => {
    const copy = Uint8Array.from(header);
    copy[index] = value;
    return copy;
  };
  assert.equal(parseHeader(withByte(12, 1)).interlaced, true);
  const cases: [Uint8Array, RegExp][] = [
    [withByte(3, 0), /0 x 4 pixels/],
    [withByte(0, 0x80), /out of range/],
    [withByte(8, 4), /4 bits for colour type 2/],
    [withByte(9, 5), /colour type 5/],
    [withByte(10, 1), /undefined compression method/],
    [withByte(11, 1), /undefined filter method/],
    [withByte(12, 2), /undefined interlace method/],
    [header.subarray(1), /12 bytes instead of 13/],
  ];
  for (const [bad, message] of cases) {
    assert.throws(() => parseHeader(bad), { name: 'PixrnnError', code: 'input-unreadable', message });
  }
});
