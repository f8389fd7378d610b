import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import { decompressRows } from '#pixrnn/codec/decode-rows.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { inspectFile } from '#pixrnn/codec/inspect.js';
import { decodePlanesPayload, encodePlanesPayload, type PlanesPart } from '#pixrnn/codec/planes-payload.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { PixrnnError } from '#pixrnn/errors.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { shippedModels } from '#pixrnn/model/registry.js';
import { type Origin, ORIGINS } from '#pixrnn/origin/origins.js';
import { blobs, generator } from '../../fixtures/draw.js';
import { originImage, tintedImage } from '../../fixtures/origin-image.js';
import { tinyPhoto } from '../../fixtures/tiny-model.js';
import { tilesOf } from './samples.js';
import { assertChangesDetected } from './changed-payloads.js';

const [PHOTO_CD, , , , JPEG_420] = ORIGINS;
const VIDEO = originNamed('BT.709 video (FFmpeg), 4:2:0, replicated');
const WEBP = originNamed('WebP, 4:2:0');
const SIZE = { width: 120, height: 88 };

function originNamed(name: string): Origin {
  return ORIGINS.find((origin) => origin.name === name)!;
}

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 2 });
});
after(() => pool.close());

/** Compresses an image, decodes the file, and compares; returns what was compressed. */
async function roundTrip(raster: Raster, options: { origin?: boolean } = {}) {
  const compressed = await compressRaster(raster, { pool, effort: 1, ...options });
  const { raster: decoded } = await decompressToRaster(compressed.bytes, { pool });
  assert.deepEqual(decoded, raster);
  return compressed;
}

for (const origin of [PHOTO_CD!, JPEG_420!, VIDEO, WEBP]) {
  test(`${origin.name}: luma and chroma are smaller than R, G and B`, async () => {
    const raster = originImage(origin, { x: 1, y: 0 }, SIZE);
    const planes = await roundTrip(raster);
    assert.deepEqual(planes.representations, { model: 0, palette: 0, raw: 0, planes: 1, stored: 0 });
    assert.equal(planes.origin?.name, origin.name);
    const info = await inspectFile(planes.bytes);
    assert.deepEqual(info.origin, planes.origin);
    assert.ok(info.models.includes('photo-gray-small')); // of luma; chroma may follow from it
    const without = await roundTrip(raster, { origin: false });
    assert.equal(without.representations.planes, 0);
    assert.equal(without.origin, null);
    assert.ok(planes.bytes.length < 0.8 * without.bytes.length, `${planes.bytes.length} of ${without.bytes.length}`);
  });
}

test('chroma that follows from luma is coded given luma', async () => {
  for (const origin of [PHOTO_CD!, JPEG_420!]) {
    const raster = tintedImage(origin, { x: 1, y: 0 }, SIZE);
    const { bytes, modelName } = await roundTrip(raster);
    assert.equal(modelName, 'photo-rgb-small');
    assert.deepEqual((await inspectFile(bytes)).models, ['photo-rgb-small', 'photo-gray-small']);
    const { chroma, luma } = planesOf(bytes);
    assert.equal(chroma.length, 1);
    assert.ok(
      chroma[0].payload.length < 0.3 * luma.payload.length,
      `${chroma[0].payload.length} of ${luma.payload.length}`,
    );
  }
});

function planesOf(bytes: Uint8Array): PlanesPart {
  return decodePlanesPayload(tilesOf(decodeContainer(bytes))[0]!.colours.payload);
}

test('the same file comes from any number of threads, and from tiles with their own phases', async () => {
  const raster = originImage(PHOTO_CD!, { x: 0, y: 1 }, { width: 1101, height: 24 });
  const { bytes, tiles, representations } = await roundTrip(raster);
  assert.equal(tiles, 2);
  assert.equal(representations.planes, 2);
  const one = await compressRaster(raster, { threads: 1, effort: 1 });
  assert.deepEqual(one.bytes, bytes);
  const rows = await decompressRows(bytes, [5, 9], { pool });
  assert.deepEqual(rows.raster.samples, raster.samples.slice(5 * 3 * 1101, 9 * 3 * 1101));
});

test('a given model codes R, G and B', async () => {
  const { representations } = await compressRaster(originImage(PHOTO_CD!, { x: 0, y: 0 }, SIZE), {
    ...{ pool, model: tinyPhoto(3), effort: 1 },
  });
  assert.equal(representations.planes, 0);
});

test('alpha is coded before luma and chroma', async () => {
  const { samples, ...shape } = originImage(PHOTO_CD!, { x: 0, y: 0 }, SIZE);
  const alpha = blobs({ ...SIZE, channels: 1 }).samples;
  const all = Uint8Array.from({ length: 4 * alpha.length }, (_, i) =>
    i % 4 === 3 ? alpha[i >> 2]! : samples[3 * (i >> 2) + (i % 4)]!,
  );
  const { representations } = await roundTrip({ ...shape, channels: 4, samples: all });
  assert.equal(representations.planes, 1);
});

for (const origin of [JPEG_420!, VIDEO]) {
  test(`${origin.name}: images that follow from planes only in part come back exactly`, () => mixturesComeBack(origin));
}

async function mixturesComeBack(origin: Origin): Promise<void> {
  const random = generator(4);
  const painted = (paint: (x: number, y: number, samples: Uint8Array, at: number) => void): Raster => {
    const raster = originImage(origin, { x: 0, y: 0 }, SIZE);
    const samples = raster.samples as Uint8Array;
    for (let y = 0, at = 0; y < SIZE.height; y++) for (let x = 0; x < SIZE.width; x++, at += 3) paint(x, y, samples, at); // prettier-ignore
    return raster;
  };
  const other = originImage(PHOTO_CD!, { x: 0, y: 0 }, SIZE);
  const mixtures: Raster[] = [
    painted((x, _y, samples, at) => {
      if (x > 60) for (let c = 0; c < 3; c++) samples[at + c] = Math.floor(256 * random());
    }),
    painted((x, y, samples, at) => {
      if (y % 16 === 3 && x % 3 > 0) samples.fill(0, at, at + 3); // like text
    }),
    painted((_x, _y, samples, at) => (samples[at + 1] = samples[at + 1]! ^ 1)),
    painted((_x, _y, samples, at) => samples.fill(255 * (samples[at]! >> 7), at, at + 1)),
    // Another maker's rule in the lower half.
    painted((_x, y, samples, at) => {
      if (2 * y > SIZE.height) samples.set((other.samples as Uint8Array).subarray(at, at + 3), at);
    }),
    painted((x, y, samples, at) => {
      if ((x + y) % 40 === 0) samples[at + 2] = 255 - samples[at + 2]!;
    }),
  ];
  for (const raster of mixtures) await roundTrip(raster);
}

test('payloads that no encoder writes are refused', async () => {
  const { bytes } = await compressRaster(originImage(PHOTO_CD!, { x: 0, y: 0 }, SIZE), { pool });
  const container = decodeContainer(bytes);
  const [tile] = tilesOf(container);
  const { payload } = tile!.colours;
  const part = decodePlanesPayload(payload);
  assert.deepEqual(encodePlanesPayload(part), payload);
  const withPart = (colours: Uint8Array, header = container.header): Uint8Array =>
    encodeContainer({
      ...{ ...container, header },
      image: [{ ...tile!, colours: { representation: 'planes', payload: colours } }],
    });
  const refused = (make: () => Uint8Array): void => {
    assert.throws(
      () => decodeContainer(make()),
      (error) => error instanceof RangeError || (error instanceof PixrnnError && error.code === 'file-corrupt'),
    );
  };
  const changed = (at: number, value: number): Uint8Array => payload.with(at, value);
  const parts = (change: Partial<PlanesPart>): Uint8Array => encodePlanesPayload({ ...part, ...change });
  refused(() => withPart(changed(0, ORIGINS.length)));
  refused(() => withPart(changed(0, 1 | 0x40))); // 4:4:4 has no phase
  refused(() => withPart(changed(1, 3))); // luma without a representation
  refused(() => withPart(payload.subarray(0, 1)));
  refused(() => withPart(payload.subarray(0, 4)));
  refused(() => withPart(parts({ exceptions: { representation: 'model', payload: Uint8Array.of(1) } })));
  refused(() => withPart(parts({ exceptions: { representation: 'raw', payload: Uint8Array.of(1) } })));
  const raw = { representation: 'raw', payload: new Uint8Array(7) } as const;
  refused(() => withPart(parts({ chroma: [raw, raw] })));
  refused(() => withPart(parts({ chroma: [raw] }))); // both planes need a model
  const model = (length: number) => ({ representation: 'model', payload: new Uint8Array(length) }) as const;
  refused(() => withPart(parts({ chroma: [model(7)] }))); // the header names no RGB model
  const named = { ...container.header, rgbModel: 1 };
  const cells = 60 * 44;
  const [most, more] = [2 * cells, 2 * cells + 1].map((length) => parts({ chroma: [model(length)] }));
  assert.ok(decodeContainer(withPart(most!, named)));
  refused(() => withPart(more!, named));
  // The paper's models use no known samples.
  const paper = shippedModels().find(({ name }) => name === 'pixelcnn-rgb')!;
  await assert.rejects(
    decompressToRaster(withPart(parts({ chroma: [model(7)] }), { ...named, rgbModel: paper.number }), { pool }),
    { code: 'file-corrupt', message: /known, which its model does not support/ },
  );
  refused(() => withPart(payload, { ...container.header, grayModel: null, rgbModel: 1 }));
});

test('changed payloads are detected', async () => {
  const { bytes } = await compressRaster(originImage(JPEG_420!, { x: 0, y: 0 }, { width: 24, height: 16 }), {
    ...{ pool, effort: 1 },
  });
  const container = decodeContainer(bytes);
  const [tile] = tilesOf(container);
  assert.equal(tile!.colours.representation, 'planes');
  const { payload } = tile!.colours;
  await assertChangesDetected(container, tile!, payload.length, pool);
});
