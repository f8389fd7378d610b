import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  Codec,
  compress,
  compressRaster,
  decompress,
  type ErrorCode,
  type ImageInput,
  inspect,
  loadModel,
  measureRaster,
  modelFor,
  PixrnnError,
  readImage,
  writeImage,
} from '#pixrnn/index.js';
import { encodeModel } from '#pixrnn/model/model.js';
import { draw } from '../../fixtures/draw.js';
import { tinyModel, tinyMultiScale } from '../../fixtures/tiny-model.js';
import { rawFile, rowsOf } from './files.js';
import { PNG, plainRaster, RASTER } from './images.js';

const folder = mkdtempSync(join(tmpdir(), 'pixrnn-library-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'drawing.png');
writeFileSync(path, PNG);

const isError =
  (code: ErrorCode, message = /./) =>
  (error: unknown): boolean =>
    error instanceof PixrnnError && error.code === code && message.test(error.message);

/** Yields the bytes in pieces of one and of many bytes. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 3) % 1000) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

describe('compress', () => {
  /** The file of the samples and metadata, and the file of the PNG file, whose bytes it restores. */
  let [pixels, expected]: Uint8Array[] = [];
  before(async () => {
    const { raster, metadata } = await readImage(PNG);
    const options = { metadata, effort: 1, threads: 1 } as const;
    pixels = (await compressRaster(raster, options)).bytes;
    const source = { bytes: PNG, extension: '.png', mayStore: true };
    expected = (await compressRaster(raster, { ...options, source, exactness: 'exact' })).bytes;
    assert.notDeepEqual(pixels, expected);
  });

  const inputs: Record<string, () => ImageInput> = {
    'a Buffer': () => PNG,
    'a Uint8Array that is a part of a buffer': () => {
      const both = Uint8Array.of(...PNG, ...PNG);
      return both.subarray(PNG.length);
    },
    'an ArrayBuffer': () => Uint8Array.from(PNG).buffer,
    'shared memory': () => {
      const shared = new Uint8Array(new SharedArrayBuffer(PNG.length));
      shared.set(PNG);
      return shared;
    },
    'a path': () => path,
    'a URL': () => pathToFileURL(path),
    'a file stream': () => createReadStream(path, { highWaterMark: 100 }),
    'a Readable': () => Readable.from(pieces(PNG)),
    'a generator': () => pieces(PNG),
    'a web stream': () => Readable.toWeb(Readable.from(pieces(PNG))),
    'the stream of a Blob': () => new Blob([Uint8Array.from(PNG)]).stream(),
  };
  for (const [name, input] of Object.entries(inputs)) {
    it(`accepts ${name}`, async () => {
      assert.deepEqual((await compress(input(), { effort: 1, exactness: 'exact' })).bytes, expected);
    });
  }

  it('accepts samples of 8 and 16 bits, with metadata', async () => {
    const { metadata } = await readImage(PNG);
    const { bytes, sourceFormat } = await compress(RASTER, { effort: 1, metadata });
    assert.deepEqual(bytes, pixels);
    assert.equal(sourceFormat, null);
    const deep = draw({ width: 20, height: 10, channels: 2, depth: 16 }, (x, y) => 3 * x + y);
    const { raster } = await decompress((await compress(deep, { effort: 1 })).bytes, { format: 'raster' });
    assert.deepEqual(raster, plainRaster(deep));
  });

  it('accepts the samples of a canvas, and rejects arrays whose values would be rounded or wrapped', async () => {
    const { bytes } = await compress(RASTER, { effort: 1 });
    const clamped = Uint8ClampedArray.from(RASTER.samples);
    assert.deepEqual((await compress({ ...RASTER, samples: clamped }, { effort: 1 })).bytes, bytes);
    assert.deepEqual((await compressRaster({ ...RASTER, samples: clamped }, { effort: 1, threads: 1 })).bytes, bytes);
    for (const samples of [
      Float32Array.from(RASTER.samples, (sample) => sample + 0.5),
      Int8Array.from(RASTER.samples),
      [...RASTER.samples],
      undefined,
    ]) {
      const raster = { ...RASTER, samples: samples as unknown as Uint8Array };
      const refused = isError('usage', /^8-bit samples must not be given as \w+\. Pass Uint8Array /);
      await assert.rejects(compress(raster), refused);
      await assert.rejects(compressRaster(raster), refused);
      await assert.rejects(measureRaster(raster), refused);
      await assert.rejects(writeImage(raster, [], 'png'), refused);
    }
  });

  it('leaves its input unchanged', async () => {
    const bytes = Uint8Array.from(PNG);
    const samples = Uint8Array.from(RASTER.samples);
    await Promise.all([compress(bytes, { effort: 1 }), compress({ ...RASTER, samples }, { effort: 1 })]);
    assert.deepEqual(bytes, Uint8Array.from(PNG));
    assert.deepEqual(samples, RASTER.samples);
  });

  it('reports what it has written', async () => {
    const made = await compress(PNG, { effort: 1 });
    const { width, height, channels, depth, indexed, sourceFormat, pages, lossy, warnings } = made;
    assert.deepEqual(
      { width, height, channels, depth, indexed, sourceFormat, pages, lossy, warnings },
      {
        ...{ width: 48, height: 36, channels: 3, depth: 8, indexed: false },
        sourceFormat: 'PNG',
        pages: 1,
        lossy: false,
        warnings: [],
      },
    );
    assert.equal(made.modelName, 'photo-rgb-small');
    assert.equal(made.effort, 1);
    const { codedBytes, metadataBytes, recipeBytes, overheadBytes } = made;
    assert.equal(codedBytes + metadataBytes + recipeBytes + overheadBytes, made.bytes.length);
  });

  it('strips metadata, and applies the options of readImage', async () => {
    const stripped = await compress(PNG, { effort: 1, stripMetadata: true });
    assert.equal(stripped.metadataBytes, 0);
    await assert.rejects(compress(PNG, { maxPixels: 100 }), isError('limit'));
    await assert.rejects(compress(PNG, { page: 2 }), isError('input-unsupported'));
  });

  it('accepts models by name, by path and as objects; shipped ones keep their number', async () => {
    const model = tinyModel(3);
    const file = join(folder, 'tiny.safetensors');
    writeFileSync(file, encodeModel(model));
    const direct = await compressRaster(RASTER, { model, effort: 2, threads: 1 });
    for (const given of [model, file, await loadModel(file)]) {
      const { bytes } = await compress(RASTER, { model: given, effort: 2 });
      assert.deepEqual(bytes, direct.bytes);
      const { raster } = await decompress(bytes, { format: 'raster', models: [given] });
      assert.deepEqual(raster, plainRaster(RASTER));
    }
    await assert.rejects(decompress(direct.bytes), isError('unknown-model'));
    for (const shipped of [await modelFor(3, 1), 'photo-rgb-small']) {
      assert.deepEqual((await compress(PNG, { model: shipped, effort: 1, exactness: 'pixels' })).bytes, pixels);
    }
    await assert.rejects(compress(PNG, { model: 'photo-gray' }), isError('usage'));
  });

  it('continues with more models than it holds', async () => {
    const models = Array.from({ length: 9 }, (_, seed) => tinyModel(3, 'local', seed + 1));
    const small = { ...rowsOf(RASTER, 0, 4) };
    for (const model of [...models, ...models]) {
      const { bytes } = await compress(small, { model, effort: 1, verify: false });
      const { raster } = await decompress(bytes, { format: 'raster', models: [model] });
      assert.deepEqual(raster, plainRaster(small));
    }
  });

  it('rejects input that is not an image', async () => {
    await assert.rejects(compress(42 as unknown as Uint8Array), isError('usage', /number/));
    await assert.rejects(compress(null as unknown as Uint8Array), isError('usage'));
    await assert.rejects(compress({} as unknown as Uint8Array), isError('usage', /Object/));
    await assert.rejects(compress(new URL('https://example.org/a.png')), isError('usage', /https:/));
    await assert.rejects(compress(Readable.from(['text'])), isError('usage', /stream of string/));
    await assert.rejects(compress(new Uint8Array(0)), isError('input-unreadable'));
    await assert.rejects(compress(PNG, { metadata: [] }), isError('usage', /metadata/));
    await assert.rejects(compress({ ...RASTER, width: 47 }), isError('usage', /samples/));
    await assert.rejects(compress(PNG, { effort: 5 as 4 }), isError('usage', /effort/));
    await assert.rejects(compress(PNG, { threads: 0 }), isError('usage', /threads/));
    await assert.rejects(compress(PNG, { maxInputBytes: -1 }), isError('usage', /maxInputBytes/));
  });

  it('names unreadable paths, with the cause', async () => {
    const missing = join(folder, 'missing.png');
    await assert.rejects(compress(missing), (error) => {
      assert.ok(error instanceof PixrnnError && error.code === 'input-unreadable' && error.message.includes(missing));
      const { cause } = error as { cause?: NodeJS.ErrnoException };
      return cause instanceof Error && cause.code === 'ENOENT' && cause.path === missing;
    });
    await assert.rejects(compress(folder), isError('input-unreadable', /not a regular file/));
  });

  it('rejects inputs longer than maxInputBytes, and releases streams', async () => {
    const maxInputBytes = PNG.length - 1;
    const readable = Readable.from(pieces(PNG));
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1000)),
      cancel: () => void (cancelled = true),
    });
    for (const input of [PNG, path, readable, endless]) {
      await assert.rejects(compress(input, { maxInputBytes }), isError('limit', /maxInputBytes/));
    }
    assert.ok(readable.destroyed && cancelled);
    assert.ok((await compress(PNG, { maxInputBytes: PNG.length, effort: 1 })).bytes.length > 0);
  });

  it('rejects with the error of a stream', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(PNG.subarray(0, 50));
      throw new Error('the line is cut');
    };
    await assert.rejects(compress(broken()), /^Error: the line is cut$/);
  });
});

describe('decompress', () => {
  const codec = new Codec({ threads: 1 });
  let bytes: Uint8Array;
  before(async () => {
    bytes = (await codec.compress(PNG, { effort: 1, exactness: 'pixels' })).bytes;
    writeFileSync(join(folder, 'drawing.prnn'), bytes);
  });
  after(() => codec.close());

  it('returns files of every format that writeImage writes', async () => {
    const { raster, metadata } = await readImage(PNG);
    for (const [format, name] of [
      ['png', 'image.png'],
      ['tiff', 'image.tif'],
      ['webp', 'image.webp'],
      ['pnm', 'image.ppm'],
    ] as const) {
      const file = await codec.decompress(bytes, { format });
      assert.deepEqual(file.bytes, Uint8Array.from(await writeImage(raster, metadata, format)), format);
      const { width, height, channels, depth, indexed } = RASTER;
      assert.deepEqual(
        { ...file, bytes: null, remarks: null },
        {
          ...{ bytes: null, format, name, isSource: false, remarks: null },
          ...{ width, height, channels, depth, indexed },
          ...{ whole: { width, height }, factor: 1, repairedBlocks: 0 },
        },
      );
      assert.equal(file.remarks.length > 0, format !== 'png', 'other formats do not store the text');
    }
  });

  it('accepts bytes, streams, paths and URLs', async () => {
    const file = join(folder, 'drawing.prnn');
    for (const input of [
      bytes,
      Uint8Array.from(bytes).buffer,
      pieces(bytes),
      createReadStream(file),
      file,
      pathToFileURL(file),
    ]) {
      const { raster, metadata } = await codec.decompress(input, { format: 'raster' });
      assert.deepEqual(raster, plainRaster(RASTER));
      assert.deepEqual((await compress(raster, { metadata, effort: 1 })).bytes, bytes);
    }
  });

  it('returns rows, as files and as samples', async () => {
    const { raster, metadata, whole } = await codec.decompress(bytes, { format: 'raster', rows: [10, 15] });
    assert.deepEqual(raster, plainRaster(rowsOf(RASTER, 10, 15)));
    assert.deepEqual(metadata, [], 'the text belongs to the whole image');
    assert.deepEqual(whole, { width: 48, height: 36 });
    const file = await codec.decompress(bytes, { rows: [10, 15] });
    assert.equal(file.height, 5);
    assert.deepEqual((await readImage(file.bytes)).raster, plainRaster(rowsOf(RASTER, 10, 15)));
  });

  it('returns previews, also from the start of a file', async () => {
    const model = tinyMultiScale(3);
    const made = await codec.compress(RASTER, { model, effort: 2 });
    assert.equal((await codec.inspect(made.bytes)).scaleBytes.length, 2);
    const preview = await codec.decompress(made.bytes.subarray(0, -20), {
      preview: true,
      models: [model],
      format: 'raster',
    });
    assert.equal(preview.factor, 2);
    assert.deepEqual(preview.whole, { width: 48, height: 36 });
    assert.deepEqual(
      [...preview.raster.samples.subarray(0, 6)],
      [...RASTER.samples.subarray(0, 3), ...RASTER.samples.subarray(6, 9)],
    );
    await assert.rejects(codec.decompress(bytes, { preview: true }), isError('input-unsupported'));
  });

  it('reports the codes of corrupt files across threads', async () => {
    const flipped = Uint8Array.from(bytes, (value, at) => (at === bytes.length - 30 ? value ^ 1 : value));
    await assert.rejects(codec.decompress(flipped), isError('file-corrupt'));
    await assert.rejects(codec.decompress(bytes.subarray(0, -1)), isError('file-truncated'));
    await assert.rejects(codec.decompress(Buffer.concat([bytes, bytes])), isError('trailing-bytes'));
    await assert.rejects(codec.decompress(PNG), isError('input-unsupported'));
    const digest = Uint8Array.from(bytes, (value, at) => (at === bytes.length - 1 ? value ^ 1 : value));
    await assert.rejects(codec.decompress(digest), isError('hash-mismatch'));
    await assert.rejects(codec.decompress(bytes, { maxPixels: 9 }), isError('limit'));
  });

  it('rejects invalid options', async () => {
    await assert.rejects(codec.decompress(bytes, { format: 'jpeg' as 'png' }), isError('usage', /jpeg/));
    await assert.rejects(codec.decompress(bytes, { rows: [0, 1], preview: true }), isError('usage', /exclude/));
    await assert.rejects(codec.decompress(bytes, { rows: [3] as unknown as [number, number] }), isError('usage'));
    await assert.rejects(codec.decompress(bytes, { rows: [0, 37] }), isError('usage', /36/));
    await assert.rejects(codec.decompress(RASTER as unknown as Uint8Array), isError('usage'));
  });
});

describe('inspect', () => {
  it('reports the contents of a file', async () => {
    const { bytes, modelName, codedBytes } = await compress(PNG, { effort: 1 });
    const info = await inspect(bytes);
    assert.deepEqual(info.models, [modelName]);
    assert.equal(info.codedBytes, codedBytes);
    assert.deepEqual(info.chunks, [{ type: 'tEXt', bytes: 15, keyword: 'Title', text: 'a drawing' }]);
    assert.equal(info.bitsPerDim, (8 * bytes.length) / (48 * 36 * 3));
    await assert.rejects(inspect(PNG), isError('input-unsupported'));
    await assert.rejects(inspect(rawFile(RASTER), { maxPixels: 9 }), isError('limit'));
  });
});
