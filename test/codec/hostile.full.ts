import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { type Container, decodeContainer, encodeContainer, type TileChunk } from '#pixrnn/codec/container.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { EFFORTS, type Effort } from '#pixrnn/effort.js';
import { Engine, type TileSamples, compileEngine } from '#pixrnn/engine/engine.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { type ErrorCode, PixrnnError } from '#pixrnn/errors.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { writeImage } from '#pixrnn/node/image/write-image.js';
import { mixerFloats } from '#pixrnn/model/mixer-state.js';
import { type Model, createModel, withMixerState } from '#pixrnn/model/model.js';
import { sameSamples } from '#pixrnn/samples.js';
import { blobs, generator, gradient, type Plain } from '../../fixtures/draw.js';
import { tinyModel, tinyPhoto } from '../../fixtures/tiny-model.js';
import { modelOnly } from './round-trip.js';
import { checkedParts, tilesOf, withNewChecks } from './samples.js';
import { CODINGS } from '../codings.js';

const pixelCnns = { 1: tinyModel(1), 3: tinyModel(3) } as const;
const photos = { 1: tinyPhoto(1), 3: tinyPhoto(3) } as const;
const models = [pixelCnns, photos].flatMap((pair) => [pair[1], pair[3]]);

let pool: EnginePool;
before(async () => {
  pool = await EnginePool.create({ threads: 1 });
});
after(() => pool.close());

/** Codes an image with a tiny model and returns the file and its container; container tests use the lowest effort. */
async function coded(
  raster: Plain,
  effort: Effort = 1,
  kind: typeof pixelCnns | typeof photos = pixelCnns,
): Promise<{ raster: Raster; bytes: Uint8Array; container: Container }> {
  const options = { model: kind[raster.channels], effort, pool: modelOnly(pool), verify: false };
  const { bytes, representations } = await compressRaster(raster, options);
  assert.equal(representations.raw, 0, 'the model codes the tile');
  return { raster, bytes, container: decodeContainer(bytes) };
}

/**
 * Decodes hostile bytes; returns the code of the PixrnnError, or null if they decode to the image. A different image,
 * another error or a hang fails the test.
 */
async function outcome(bytes: Uint8Array, expected: Raster, what: string): Promise<ErrorCode | null> {
  try {
    const { raster } = await decompressToRaster(bytes, { models, pool, maxPixels: 1e6 });
    assert.deepEqual(raster, expected, what);
    return null;
  } catch (error) {
    if (error instanceof PixrnnError) return error.code;
    throw error;
  }
}

for (const channels of [1, 3] as const) {
  test(`detects a change of every byte of a file, ${channels} channels`, { timeout: 60_000 }, async () => {
    const { raster, bytes, container } = await coded(blobs({ width: 9, height: 7, channels }));
    const parts = checkedParts(container);
    const seen = new Set<ErrorCode | null>();
    for (let i = 0; i < bytes.length; i++) {
      for (const flip of [0x01, 0x02, 0x10, 0x80, 0xff]) {
        const damaged = bytes.slice();
        damaged[i]! ^= flip;
        const what = `byte ${i} ^ ${flip}`;
        assert.notEqual(await outcome(damaged, raster, what), null, what); // the checks detect every change
        seen.add(await outcome(withNewChecks(damaged, parts), raster, `${what} with new checks`));
      }
    }
    for (const code of ['hash-mismatch', 'file-corrupt', 'unknown-model'] as const) assert.ok(seen.has(code), code);
  });
}

/** Returns the one-tile file with another payload. */
function withPayload(container: Container, payload: Uint8Array): Uint8Array {
  const [tile] = tilesOf(container);
  const colours = { ...tile!.colours, payload };
  return encodeContainer({ ...container, image: [{ ...tile!, colours }] });
}

function garbage(count: number): Uint8Array[] {
  const random = generator(7);
  return [
    ...[0x00, 0xff, 0x80, 0x7f].flatMap((value) => [1, 4, 189].map((length) => new Uint8Array(length).fill(value))),
    ...Array.from({ length: count }, () =>
      Uint8Array.from({ length: 1 + Math.floor(189 * random()) }, () => 256 * random()),
    ),
  ];
}

for (const effort of CODINGS) {
  for (const [name, kind, count] of [
    ['PixelCNN', pixelCnns, 150],
    ['photo', photos, 20],
  ] as const) {
    const what = `payloads of garbage are refused, whatever they are, ${name}, effort ${effort}`;
    test(what, { timeout: 60_000 }, async () => {
      for (const channels of kind === photos ? ([1, 3] as const) : ([3] as const)) {
        const { raster, container } = await coded(gradient({ width: 12, height: 8, channels }), effort, kind);
        for (const payload of garbage(count)) {
          // The container rejects more bytes than there are samples.
          const file = withPayload(container, payload.slice(0, raster.samples.length));
          assert.equal(await outcome(file, raster, 'garbage'), 'hash-mismatch');
        }
      }
    });
  }
}

test('rejects a file that claims an effort that codes differently', async () => {
  const image = blobs({ width: 31, height: 17 });
  const outcomes = async (kind: typeof pixelCnns | typeof photos) => {
    const found: Record<string, ErrorCode | null> = {};
    for (const effort of EFFORTS) {
      const { raster, container } = await coded(image, effort, kind);
      for (const claimed of EFFORTS) {
        const header = { ...container.header, effort: claimed };
        found[`${effort} as ${claimed}`] = await outcome(encodeContainer({ ...container, header }), raster, 'a claim');
      }
    }
    return found;
  };
  const wrong = 'hash-mismatch';
  // From 2 on, efforts differ in the encoder's choice of the model.
  const expected = Object.fromEntries(
    EFFORTS.flatMap((effort) =>
      EFFORTS.map((claimed) => [`${effort} as ${claimed}`, effort > 1 === claimed > 1 ? null : wrong]),
    ),
  );
  assert.deepEqual(await outcomes(photos), expected);
  assert.deepEqual(await outcomes(pixelCnns), expected);
});

test('rejects a truncated or extended payload, or decodes it to the image', async () => {
  const { raster, container } = await coded(blobs({ width: 9, height: 7, channels: 1 }));
  const { payload } = tilesOf(container)[0]!.colours;
  for (let length = 0; length < payload.length; length++) {
    await outcome(withPayload(container, payload.slice(0, length)), raster, `${length} bytes`);
  }
  const longer = new Uint8Array(payload.length + 1);
  longer.set(payload);
  assert.equal(await outcome(withPayload(container, longer), raster, 'a zero byte more'), null); // the decoder reads zeros after the end
});

test('rejects swapped tiles', async () => {
  const { raster, container } = await coded(blobs({ width: 1030, height: 4, channels: 1 }));
  const [left, right] = tilesOf(container) as [TileChunk, TileChunk];
  const swapped = (image: TileChunk[]) => outcome(encodeContainer({ ...container, image }), raster, 'swapped');
  assert.equal(await swapped([left, right]), null);
  assert.equal(await swapped([right, left]), 'hash-mismatch'); // by the digest
  const { samplesCrc } = left;
  assert.equal(await swapped([{ ...right, samplesCrc }, right]), 'hash-mismatch');
  await assert.rejects(
    decompressToRaster(encodeContainer({ ...container, image: [left, { ...left, samplesCrc: 1 }] }), { models, pool }),
    { code: 'hash-mismatch', message: /^tile 2 of 2/ },
  );
});

test('names a model that is missing or is for other channels', async () => {
  const { bytes, container } = await coded(blobs({ width: 9, height: 7 }));
  await assert.rejects(decompressToRaster(bytes, { pool }), { code: 'unknown-model' });
  const later = encodeContainer({ ...container, header: { ...container.header, rgbModel: 200 } });
  await assert.rejects(decompressToRaster(later, { pool }), { code: 'unknown-model', message: /number 200/ });
  const header = { ...container.header, rgbModel: pixelCnns[1].id };
  const foreign = encodeContainer({ ...container, header });
  await assert.rejects(decompressToRaster(foreign, { models, pool }), {
    code: 'file-corrupt',
    message: /its model does not fit its sample format/,
  });
});

/** Returns the model with every fifth weight replaced. */
function withEveryFifth({ name, spec, tensors }: Model, replacement: number): Model {
  const changed = [...tensors].map(
    ([tensor, values]) => [tensor, values.map((value, i) => (i % 5 ? value : replacement))] as const,
  );
  return createModel(name, spec, new Map(changed));
}

/** Codes a tile with a model, even if raw samples would be smaller, and decodes it. */
function assertCodes(engine: Engine, model: Model, tile: TileSamples, effort: Effort, what: string): void {
  const { payload } = engine.encode(model, tile, { effort });
  assert.ok(payload, what);
  assert.ok(sameSamples(engine.decode(model, payload, tile, { effort }), tile.samples), what);
}

test('extreme and non-finite weights still decode to the encoded samples', { timeout: 60_000 }, async () => {
  const engine = await Engine.create(await compileEngine());
  for (const value of [NaN, Infinity, -Infinity, 3e38, 1e-45]) {
    for (const model of models) {
      const { channels } = model.spec;
      const broken = withEveryFifth(model, value);
      // Wide enough for `photo` to have learned.
      const tile = blobs({ width: 36, height: 5, channels });
      for (const effort of CODINGS) assertCodes(engine, broken, tile, effort, `${model.name}, ${value}, ${effort}`);
    }
    const model = withEveryFifth(pixelCnns[1], value);
    const raster = blobs({ width: 9, height: 7, channels: 1 });
    const { bytes } = await compressRaster(raster, { model, pool: modelOnly(pool) });
    assert.deepEqual((await decompressToRaster(bytes, { models: [model], pool })).raster, raster);
  }
  // None of those weights remain in the instance.
  for (const model of models) {
    const tile = blobs({ width: 9, height: 7, channels: model.spec.channels });
    const fresh = await Engine.create(await compileEngine());
    assert.deepEqual(engine.encode(model, tile), fresh.encode(model, tile));
  }
});

test('an extreme start state of the mixer still decodes to the encoded samples', { timeout: 60_000 }, async () => {
  const engine = await Engine.create(await compileEngine());
  for (const model of models) {
    const { channels } = model.spec;
    const tile = blobs({ width: 20, height: 9, channels });
    const expected = engine.encode(model, tile);
    for (const value of [3e38, -3e38, 1e-45, Infinity, NaN]) {
      const state = new Float32Array(mixerFloats({ channels })).fill(value);
      const broken = withMixerState(model, state, {});
      for (const effort of [2, 3] as const)
        assertCodes(engine, broken, tile, effort, `${model.name}, ${value}, ${effort}`);
    }
    const state = new Float32Array(mixerFloats({ channels })).fill(3e38);
    const broken = withMixerState(model, state, {});
    const { bytes } = await compressRaster(tile, { model: broken, pool: modelOnly(pool) });
    assert.deepEqual((await decompressToRaster(bytes, { models: [broken], pool })).raster, tile);
    assert.deepEqual(engine.encode(model, tile), expected, 'the state is reset');
  }
});

test('rejects garbage metadata and never writes it into a PNG', { timeout: 60_000 }, async () => {
  const { bytes, container } = await coded(blobs({ width: 9, height: 7 }));
  const random = generator(3);
  const packed = (plain: Buffer): Uint8Array => Buffer.concat([Uint8Array.of(1), brotliCompressSync(plain)]);
  const good = packed(Buffer.from('\0\0\0\x05tEXta\0bcd', 'latin1'));
  const payloads = [
    new Uint8Array(0),
    Uint8Array.of(1),
    Uint8Array.of(9, 9, 9),
    ...Array.from({ length: 100 }, () => Uint8Array.from({ length: 30 }, (_, i) => (i === 0 ? 1 : 256 * random()))),
    Buffer.concat([good, Buffer.of(0)]), // a complete stream and one more byte
    packed(Buffer.alloc((64 << 20) + 1)), // unpacks to more than the limit
    packed(Buffer.alloc(64 << 20, '\0\0\0\0teXt', 'latin1')), // eight million empty chunks in 111 bytes
    packed(Buffer.from('\xff\xff\xff\xfftEXt', 'latin1')),
    packed(Buffer.from('\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0', 'latin1')),
  ];
  const png = async (metadata: readonly Uint8Array[]): Promise<Uint8Array> => {
    const { raster, container: read } = await decompressToRaster(encodeContainer({ ...container, metadata }), {
      models,
      pool,
    });
    return writeImage(raster, read.metadata, 'png');
  };
  await assert.doesNotReject(png([good]));
  for (const payload of payloads) await assert.rejects(png([payload]), PixrnnError);
  await assert.rejects(png([good, good]), PixrnnError);
  await assert.doesNotReject(decompressToRaster(bytes, { models, pool }));
});
