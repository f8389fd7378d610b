import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type CoefficientsPart,
  decodeCoefficientsPayload,
  encodeCoefficientsPayload,
} from '#pixrnn/codec/coefficients-payload.js';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { type Container, decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { inspectFile } from '#pixrnn/codec/inspect.js';
import { JPEG_EFFORTS } from '#pixrnn/effort.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { concatBytes } from '#pixrnn/bytes.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { encodeVarint } from '#pixrnn/varint.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { ORIGINS } from '#pixrnn/origin/origins.js';
import { decodedJpeg, drawnBlocks } from '../../fixtures/decoded-jpeg.js';
import { blobs, generator } from '../../fixtures/draw.js';
import { tilesOf } from './samples.js';
import { assertChangesDetected } from './changed-payloads.js';

const [, FULL, , , CENTRED] = ORIGINS;
const SIZE = { width: 99, height: 81 };
const COLOUR = decodedJpeg(drawnBlocks(CENTRED!, SIZE), SIZE);
const GRAY = decodedJpeg(drawnBlocks(null, SIZE), SIZE);

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

/** Compresses an image, decodes the file, and compares; returns what was compressed. */
async function roundTrip(raster: Raster, options: Parameters<typeof compressRaster>[1] = {}) {
  const compressed = await compressRaster(raster, { pool, effort: 1, ...options });
  const { raster: decoded } = await decompressToRaster(compressed.bytes, { pool });
  assert.deepEqual(decoded, raster);
  return compressed;
}

for (const [name, raster] of [
  ['JPEG, 4:2:0', COLOUR],
  ['JPEG, 4:4:4', decodedJpeg(drawnBlocks(FULL!, SIZE), SIZE)],
  ['JPEG, gray', GRAY],
] as const) {
  test(`an image that was decoded from a JPEG is coded as its coefficients: ${name}`, async () => {
    for (const effort of raster === COLOUR ? JPEG_EFFORTS : ([1] as const)) {
      const coded = await roundTrip(raster, { effort });
      assert.equal(coded.origin?.name, name);
      assert.deepEqual(coded.origin.quality, { quality: 75, exact: true, tables: 'libjpeg' });
      assert.equal(coded.modelUsed, false);
      assert.deepEqual((await inspectFile(coded.bytes)).origin, coded.origin);
    }
    const coded = await roundTrip(raster);
    const without = await roundTrip(raster, { origin: false });
    assert.equal(without.origin, null);
    assert.ok(coded.bytes.length < 0.5 * without.bytes.length, `${coded.bytes.length} of ${without.bytes.length}`);
  });
}

test('R, G and B that are equal are coded as gray coefficients, alpha before the colours', async () => {
  const samples = Uint8Array.from({ length: 3 * GRAY.samples.length }, (_, i) => GRAY.samples[Math.floor(i / 3)]!);
  const threefold = await roundTrip({ ...GRAY, channels: 3, samples });
  assert.equal(threefold.origin?.name, 'JPEG, gray');
  const alpha = blobs({ ...SIZE, channels: 1 }).samples;
  const all = Uint8Array.from({ length: 4 * alpha.length }, (_, i) =>
    i % 4 === 3 ? alpha[i >> 2]! : COLOUR.samples[3 * (i >> 2) + (i % 4)]!,
  );
  const withAlpha = await roundTrip({ ...COLOUR, channels: 4, samples: all });
  assert.equal(withAlpha.origin?.name, 'JPEG, 4:2:0');
  assert.ok(withAlpha.origin.quality);
});

test('tiles have their own places, and the file does not depend on the threads', async () => {
  const size = { width: 1101, height: 40 };
  const raster = decodedJpeg(
    drawnBlocks(CENTRED!, size, { place: { x: 5, y: 3, continuesRight: true, continuesDown: true } }),
    size,
  );
  const { bytes, tiles } = await roundTrip(raster);
  assert.equal(tiles, 2);
  const places = partsOf(decodeContainer(bytes)).map(({ place: { x, y } }) => [x, y]);
  assert.deepEqual(places, [[5, 3], [(5 + 550) % 16, 3]]); // prettier-ignore
  assert.deepEqual((await compressRaster(raster, { threads: 1, effort: 1 })).bytes, bytes);
});

function partsOf(container: Container): CoefficientsPart[] {
  return tilesOf(container).map(({ colours }) => decodeCoefficientsPayload(colours.payload));
}

test('images that were decoded from a JPEG only in part come back exactly', async () => {
  const random = generator(4);
  const painted = (raster: Raster, paint: (x: number, y: number, samples: Uint8Array, at: number) => void): Raster => {
    const samples = (raster.samples as Uint8Array).slice();
    for (let y = 0, at = 0; y < SIZE.height; y++) {
      for (let x = 0; x < SIZE.width; x++, at += raster.channels) paint(x, y, samples, at);
    }
    return { ...raster, samples };
  };
  for (const raster of [COLOUR, GRAY]) {
    const { channels } = raster;
    const mixtures = [
      painted(raster, (x, _y, samples, at) => {
        if (x > 60) for (let c = 0; c < channels; c++) samples[at + c] = Math.floor(256 * random());
      }),
      painted(raster, (x, y, samples, at) => {
        if (y % 16 === 3 && x % 3 > 0) samples.fill(0, at, at + channels); // like text
      }),
      painted(raster, (_x, _y, samples, at) => (samples[at] = samples[at]! ^ 1)),
      painted(raster, (x, y, samples, at) => {
        if ((x + y) % 40 === 0) samples[at] = 255 - samples[at]!;
      }),
    ];
    for (const mixture of raster === COLOUR ? mixtures : mixtures.slice(1, 2)) await roundTrip(mixture);
  }
});

test('a few painted pixels are exceptions', async () => {
  const samples = (COLOUR.samples as Uint8Array).slice();
  for (let x = 20; x < 60; x++) samples.fill(255, 3 * (40 * SIZE.width + x), 3 * (40 * SIZE.width + x) + 3);
  const { origin, bytes } = await roundTrip({ ...COLOUR, samples });
  assert.ok(origin?.quality && origin.exceptionBytes > 0);
  const without = await roundTrip(COLOUR, { origin: false });
  assert.ok(bytes.length < without.bytes.length);
});

test('payloads that no encoder writes are refused', async () => {
  for (const raster of [COLOUR, GRAY]) {
    const { bytes } = await compressRaster(raster, { pool, effort: 1 });
    const container = decodeContainer(bytes);
    const [tile] = tilesOf(container);
    const { payload } = tile!.colours;
    const part = decodeCoefficientsPayload(payload);
    assert.deepEqual(encodeCoefficientsPayload(part), payload);
    const refused = (colours: Uint8Array, header = container.header): void => {
      const make = (): Uint8Array =>
        encodeContainer({
          ...{ ...container, header },
          image: [{ ...tile!, colours: { representation: 'planes', payload: colours } }],
        });
      assert.throws(
        () => decodeContainer(make()),
        (error) => error instanceof RangeError || (error instanceof PixrnnError && error.code === 'file-corrupt'),
      );
    };
    const changed = (at: number, value: number): Uint8Array => payload.with(at, value);
    const parts = (change: Partial<CoefficientsPart>): Uint8Array => encodeCoefficientsPayload({ ...part, ...change });
    const isGray = part.origin === null;
    refused(changed(0, ORIGINS.length));
    refused(changed(0, isGray ? 4 : 63));
    refused(changed(0, isGray ? 63 | 0x40 : 1 | 0x40)); // no phase where each pixel has a cell
    refused(changed(1, payload[1]! & ~0x0c)); // effort 0
    refused(changed(1, payload[1]! & 0x3f)); // exceptions with a model
    refused(changed(2, 0x40));
    refused(parts({ steps: part.steps.map((steps) => steps.with(5, 0)) }));
    for (const table of [301, 302]) {
      refused(concatBytes([payload.subarray(0, 3), Uint8Array.from(encodeVarint(table)), payload.subarray(4)]));
    }
    if (isGray) refused(changed(1, payload[1]! | 0x10)); // nothing to continue
    for (const length of [0, 1, 2, 3]) refused(payload.subarray(0, length));
    refused(parts({ exceptions: { representation: 'raw', payload: Uint8Array.of(1) } }));
    refused(parts({ exceptions: { representation: 'palette', payload: new Uint8Array(1e5) } }));
    refused(parts({ coefficients: new Uint8Array(1e5) }));
    refused(payload, { ...container.header, channels: isGray ? 3 : 1 });
    refused(payload, { ...container.header, depth: 16 });
    refused(payload, { ...container.header, width: 1, height: 70_000 });
  }
});

test('changed payloads are detected', async () => {
  const size = { width: 40, height: 32 };
  const { bytes } = await compressRaster(decodedJpeg(drawnBlocks(CENTRED!, size), size), { pool, effort: 1 });
  const container = decodeContainer(bytes);
  const [tile] = tilesOf(container);
  const { payload } = tile!.colours;
  assert.ok(decodeCoefficientsPayload(payload));
  await assertChangesDetected(container, tile!, payload.length - 2, pool);
});
