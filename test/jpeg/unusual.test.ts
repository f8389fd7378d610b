import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ScanHeader } from '#pixrnn/jpeg/scan-header.js';
import { NO_RESTART, type ScanRecord, type UnusualInterval } from '#pixrnn/jpeg/scan-record.js';
import { readStructure } from '#pixrnn/jpeg/structure-reader.js';
import { drawnImage } from './drawn-pixels.js';
import { assertRebuilds, coefficientsOf } from './rebuild.js';
import { sampleFiles } from './sample-files.js';
import { chooser, randomImage, syntheticFile, USUAL } from './synthetic.js';

const FRAME = {
  precision: 8,
  width: 72,
  height: 64,
  heightInDnl: false,
  components: [{ id: 1, horizontal: 1, vertical: 1, quantisationSlot: 0 }],
} as const;
const BLOCKS = 72;

/** Returns a scan of the component. */
function scan(first: number, last: number, high: number, low: number): ScanHeader {
  return { components: [{ index: 0, dcSlot: 0, acSlot: 0 }], first, last, high, low };
}

const SEQUENTIAL = [scan(0, 63, 0, 0)];
const PROGRESSIVE = [scan(0, 0, 0, 0), scan(1, 20, 0, 0), scan(21, 63, 0, 1), scan(21, 63, 1, 0)];

/** Returns the records of a file's scans. */
function recordsOf(structure: Uint8Array): ScanRecord[] {
  return readStructure(structure).flatMap((part) => (part.kind === 'scan' ? [part.record] : []));
}

test('extra zero runs, with and without end of block, are kept', () => {
  for (const scans of [SEQUENTIAL, PROGRESSIVE]) {
    const frame = { ...FRAME, marker: scans === SEQUENTIAL ? 0xc0 : 0xc2 } as const;
    const image = randomImage(frame, chooser([1]));
    const [{ coefficients }] = image.components as [(typeof image.components)[0]];
    for (let block = 0; block < BLOCKS; block += 3) coefficients.fill(0, block * 64 + 1, (block + 1) * 64);
    const zeroRuns = Array.from({ length: BLOCKS / 6 }, (_, i) => ({ block: 6 * i, count: 1, endsBlock: false }));
    const bytes = syntheticFile({ frame, scans, image, restartInterval: 0 }, () => ({ ...USUAL, zeroRuns }));
    const parsed = assertRebuilds(bytes);
    assert.deepEqual(
      recordsOf(parsed.structure).map((record) => record.zeroRuns),
      scans.map(({ last }) => (last === 0 ? [] : zeroRuns)),
    );
    assert.deepEqual(coefficientsOf(parsed), [coefficients]);
  }
});

test('zero runs that complete a block without an end-of-block code are kept', () => {
  const frame = { ...FRAME, marker: 0xc0 } as const;
  const image = randomImage(frame, chooser([2]));
  const [{ coefficients }] = image.components as [(typeof image.components)[0]];
  coefficients.fill(0, 5 * 64 + 1, 6 * 64);
  const zeroRuns = [{ block: 5, count: 4, endsBlock: true }];
  const parsed = assertRebuilds(
    syntheticFile({ frame, scans: SEQUENTIAL, image, restartInterval: 0 }, () => ({ ...USUAL, zeroRuns })),
  );
  assert.deepEqual(recordsOf(parsed.structure)[0]!.zeroRuns, zeroRuns);
});

test('runs of empty bands that end anywhere are kept', () => {
  const frame = { ...FRAME, marker: 0xc2 } as const;
  const blocks = fc.uniqueArray(fc.integer({ min: 0, max: BLOCKS - 1 })).map((array) => array.sort((a, b) => a - b));
  fc.assert(
    fc.property(blocks, fc.nat(), (runEnds, seed) => {
      const image = randomImage(frame, chooser([seed]));
      const [{ coefficients }] = image.components as [(typeof image.components)[0]];
      for (let block = 0; block < BLOCKS; block++)
        if (block % 8 < 6) coefficients.fill(0, block * 64 + 1, (block + 1) * 64);
      const bytes = syntheticFile({ frame, scans: PROGRESSIVE, image, restartInterval: 0 }, () => ({
        ...USUAL,
        runEnds,
      }));
      assert.deepEqual(coefficientsOf(assertRebuilds(bytes)), [coefficients]);
    }),
    { numRuns: 50, seed: 3 },
  );
});

test('runs longer than 32,767 blocks and than libjpeg collects corrections for are kept', () => {
  const frame = { ...FRAME, marker: 0xc2, width: 2048, height: 1056 } as const;
  const image = randomImage(frame, () => 0);
  const [{ coefficients }] = image.components as [(typeof image.components)[0]];
  // 33,792 blocks, of which the first have corrections in the last scan.
  for (let block = 0; block < 200; block++) coefficients.fill(2, block * 64 + 58, block * 64 + 64);
  const scans = [scan(0, 0, 0, 0), scan(1, 63, 0, 1), scan(1, 63, 1, 0)];
  const files = [[], [155, 156, 157]].map((runEnds) => {
    return syntheticFile({ frame, scans, image, restartInterval: 0 }, ({ high }) => ({
      ...USUAL,
      runEnds: high === 1 ? runEnds : [],
    }));
  });
  for (const bytes of files) assert.deepEqual(coefficientsOf(assertRebuilds(bytes)), [coefficients]);
  assert.equal(recordsOf(assertRebuilds(files[0]!).structure).flatMap(({ runEnds }) => runEnds).length, 0);
  assert.ok(recordsOf(assertRebuilds(files[1]!).structure).flatMap(({ runEnds }) => runEnds).length > 0);
});

test('any padding and wrong or missing restart markers are kept', () => {
  const frame = { ...FRAME, marker: 0xc0 } as const;
  const image = randomImage(frame, chooser([4]));
  const interval = { mcus: undefined, padding: undefined, literal: 0, restart: undefined };
  const unusual: UnusualInterval[][] = [
    [{ ...interval, index: 0, padding: 0 }],
    [{ ...interval, index: 2, padding: 37 }],
    [{ ...interval, index: 1, restart: 5 }],
    [{ ...interval, index: 3, restart: NO_RESTART }],
    [{ ...interval, index: 4, mcus: 2 }],
  ];
  for (const zeroPadding of [false, true]) {
    for (const intervals of unusual) {
      assertRebuilds(
        syntheticFile({ frame, scans: SEQUENTIAL, image, restartInterval: 8 }, () => ({
          ...USUAL,
          zeroPadding,
          intervals,
        })),
      );
    }
  }
  const zeros = syntheticFile({ frame, scans: SEQUENTIAL, image, restartInterval: 8 }, () => ({
    ...USUAL,
    zeroPadding: true,
  }));
  assert.deepEqual(recordsOf(assertRebuilds(zeros).structure), [{ ...USUAL, zeroPadding: true }]);
});

test('a height in a DNL segment is kept', async () => {
  const file = await drawnImage(40, 30).jpeg().toBuffer();
  const at = file.indexOf(Buffer.from([0xff, 0xc0])) + 5;
  const height = file.subarray(at, at + 2);
  const changed = Buffer.from(file);
  changed.writeUInt16BE(0, at);
  const bytes = Buffer.concat([changed.subarray(0, -2), Buffer.from([0xff, 0xdc, 0, 4]), height, changed.subarray(-2)]);
  const { image, structure } = assertRebuilds(bytes);
  assert.equal(image.height, 30);
  assert.ok(readStructure(structure).some(({ kind }) => kind === 'height'));
});

test('a file without Huffman tables uses the standard ones', async () => {
  const file = await drawnImage(40, 30).jpeg({ optimiseCoding: false }).toBuffer();
  const parsed = assertRebuilds(file);
  const [from, to] = [file.indexOf(Buffer.from([0xff, 0xc4])), file.indexOf(Buffer.from([0xff, 0xda]))];
  const without = assertRebuilds(Buffer.concat([file.subarray(0, from), file.subarray(to)]));
  assert.deepEqual(coefficientsOf(without), coefficientsOf(parsed));
});

test('truncated files are rebuilt wherever they end, or refused before their image', async () => {
  for (const { name, bytes } of await sampleFiles(33, 20)) {
    const header = Buffer.from(bytes).indexOf(Buffer.from([0xff, 0xda]));
    const start = header + 2 + bytes[header + 3]!;
    for (let length = header - 40; length < bytes.length; length += length < start + 20 ? 1 : 13) {
      const cut = bytes.subarray(0, length);
      if (length >= start) assertRebuilds(cut, `${name}, cut to ${length} of ${bytes.length} bytes`);
      else assert.throws(() => assertRebuilds(cut), { code: 'input-unreadable' });
    }
  }
});

test('a scan with damaged data is kept, up to the damage as coefficients', async () => {
  const file = await drawnImage(160, 160, 1).toColourspace('b-w').jpeg({ optimiseCoding: false }).toBuffer();
  const at = file.length >> 1;
  const damaged = Buffer.concat([file.subarray(0, at), Buffer.from([0xff, 0x01]), file.subarray(at)]);
  const { structure, literals } = assertRebuilds(damaged);
  const [interval] = recordsOf(structure)[0]!.intervals;
  assert.ok(interval!.mcus! > 100 && interval!.mcus! < 300, `damage after ${interval!.mcus} MCUs`);
  assert.ok(literals.length > file.length / 3 && literals.length < file.length / 2 + 10);
});

test('a file whose Huffman table has several codes for a symbol is rebuilt', async () => {
  const file = await drawnImage(40, 30).jpeg({ optimiseCoding: false }).toBuffer();
  const table = file.indexOf(Buffer.from([0xff, 0xc4, 0, 0xb5, 0x10])) + 5;
  const [firstSymbol, lastSymbol] = [table + 16, table + 16 + 161];
  const changed = Buffer.from(file);
  changed[lastSymbol] = changed[firstSymbol]!;
  // The data uses the first code, the writer the last one: blocks are literal from there on.
  assert.ok(assertRebuilds(changed).literals.length > 100);
  changed[lastSymbol] = changed[lastSymbol - 1]!;
  assert.equal(assertRebuilds(changed).literals.length, 0);
});
