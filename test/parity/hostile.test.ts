import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { decodeRecord, encodeRecord, geometryOf, type ParityRecord } from '#pixrnn/parity/geometry.js';
import { hasParity, protect, readProtected } from '#pixrnn/parity/parity.js';
import { generator } from '../../fixtures/draw.js';

const MEGABYTE = 2 ** 20;

/** Returns bytes that end like packet 0 of a trailer with this record: they match its CRC-32, but not its meaning. */
function withPacket(record: ParityRecord, file: Uint8Array, packetBytes: number): Uint8Array {
  const bytes = new Uint8Array(record.fileBytes + packetBytes);
  bytes.set(file.subarray(0, record.fileBytes));
  bytes.set(encodeRecord(record), bytes.length - 22);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(crc32(Buffer.concat([Buffer.alloc(4), bytes.subarray(record.fileBytes, -4)])));
  bytes.set(end, bytes.length - 4);
  return bytes;
}

test('records that no trailer has are rejected', () => {
  const valid: ParityRecord = { fileBytes: 10_000, fileCrc: 1, blockBytes: 100, stripes: 2, parityBlocks: 3 };
  assert.deepEqual(decodeRecord(encodeRecord(valid)), geometryOf(valid));
  assert.notEqual(geometryOf(valid), null);
  const invalid: Partial<ParityRecord>[] = [
    { fileBytes: 0 },
    { blockBytes: 15 },
    { blockBytes: 0 },
    { parityBlocks: 0 },
    { parityBlocks: 51 },
    { stripes: 0 },
    { stripes: 101 },
    { stripes: 1, blockBytes: 20 },
    { fileBytes: 2 ** 32 - 1 },
  ];
  for (const change of invalid) {
    const record = { ...valid, ...change };
    assert.equal(geometryOf(record), null, JSON.stringify(change));
    assert.equal(decodeRecord(encodeRecord(record)), null);
  }
  const other = encodeRecord(valid);
  other[3]! ^= 1;
  assert.equal(decodeRecord(other), null, 'the magic');
});

test('a layout is bounded by the file, whatever the record', () => {
  const records = fc.record({
    fileBytes: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    fileCrc: fc.constant(0),
    blockBytes: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
    stripes: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 2 ** 24 - 1 })),
    parityBlocks: fc.integer({ min: 0, max: 255 }),
  });
  let valid = 0;
  fc.assert(
    fc.property(records, (record) => {
      const geometry = geometryOf(record);
      if (!geometry) return;
      valid++;
      const { blocks, packets, groups, shares, blocksOfGroup, shareBytes } = geometry;
      assert.ok(blocks <= record.fileBytes / 16 + 1 && packets <= 3 * blocks);
      assert.ok(shares + Math.ceil(packets / groups) <= 256);
      assert.ok(groups * blocksOfGroup >= blocks && shares * shareBytes >= 4 * blocksOfGroup);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(valid > 100, String(valid));
});

test('the largest trailer that a file can claim costs time and memory of its size', () => {
  const next = generator(3);
  const file = Uint8Array.from({ length: MEGABYTE }, () => 256 * next());
  // Stripes of 2 blocks of 16 bytes, each with 2 of parity, of which nothing but packet 0 is there.
  const record = { fileBytes: MEGABYTE - 8, fileCrc: 0, blockBytes: 16, stripes: 2 ** 15, parityBlocks: 2 };
  const geometry = geometryOf(record)!;
  assert.equal(geometry.packets, 2 ** 16);
  const bytes = withPacket(record, file, geometry.packetBytes);
  const before = process.memoryUsage();
  const began = process.cpuUsage();
  const found = readProtected(bytes)!;
  const { user, system } = process.cpuUsage(began);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  assert.deepEqual([found.isWhole, found.damage.damagedPackets], [false, 2 ** 16 - 1]);
  assert.ok(user + system < 5e6, `${user + system} µs of CPU time`);
  assert.ok(heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers < 50 * MEGABYTE);
});

test('a file full of records is searched once', () => {
  // Every record is that of the only packet of a trailer, nearly as long as the format allows, and its CRC-32 is wrong.
  const bytes = new Uint8Array(MEGABYTE);
  const common = { fileCrc: 0, blockBytes: 65_000, stripes: 1, parityBlocks: 1 };
  let records = 0;
  for (let at = 70_000; at + 22 <= bytes.length; at += 22) {
    // With n blocks there are 4 n bytes of checks in the packet.
    const lengths = Array.from({ length: 20 }, (_, n) => at - common.blockBytes - 4 * n);
    const fileBytes = lengths.find((length, n) => Math.ceil(length / common.blockBytes) === n);
    if (fileBytes === undefined) continue;
    bytes.set(encodeRecord({ fileBytes, ...common }), at);
    records++;
  }
  assert.ok(records > 40_000);
  const began = process.cpuUsage();
  assert.equal(hasParity(bytes), false);
  const { user, system } = process.cpuUsage(began);
  assert.ok(user + system < 0.5e6, `${user + system} µs of CPU time`);
});

test('any change of a trailer is noticed or harmless', () => {
  const next = generator(4);
  const file = Uint8Array.from({ length: 2000 }, () => 256 * next());
  const bytes = protect(file, 10);
  for (let run = 0; run < 2000; run++) {
    const changed = bytes.slice();
    const count = 1 + Math.floor(8 * next());
    for (let i = 0; i < count; i++)
      changed[file.length + Math.floor(next() * (bytes.length - file.length))] = 256 * next();
    const found = readProtected(changed);
    if (found) assert.deepEqual([found.isWhole, found.file], [true, file]);
  }
});
