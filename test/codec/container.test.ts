import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  countBytes,
  decodeContainer,
  decodeHeader,
  encodeContainer,
  encodeStored,
  parseFile,
  storedLength,
  type TilePart,
} from '#pixrnn/codec/container.js';
import type { Effort } from '#pixrnn/effort.js';
import { partsOf, payloadsOf } from '#pixrnn/codec/container-layout.js';
import {
  containers,
  MODEL_ID,
  previews,
  RGB,
  sampleContainer,
  smallFile,
  storedFiles,
  tilesOf,
  TOGETHER,
} from './samples.js';

test('restores a container', () => {
  fc.assert(
    fc.property(containers, (container) => assert.deepEqual(decodeContainer(encodeContainer(container)), container)),
    { numRuns: 300 },
  );
});

test('the first 40 bytes hold the header, with the extension of a source that is restored', () => {
  fc.assert(
    fc.property(containers, (container) => {
      const { header, restoration, preview } = container;
      const expected = {
        kind: 'pixels',
        header,
        extension: restoration && restoration.extension,
        previewBytes: preview?.picture.length ?? 0,
      };
      assert.deepEqual(decodeHeader(encodeContainer(container).subarray(0, 40)), expected);
    }),
  );
});

test('restores a stored source, in as many bytes as announced', () => {
  fc.assert(
    fc.property(storedFiles, (file) => {
      const bytes = encodeStored(file);
      assert.deepEqual(parseFile(bytes), file);
      assert.equal(bytes.length, storedLength(file));
      const { source, ...fields } = file;
      const header = decodeHeader(bytes.subarray(0, 40));
      assert.ok(header.kind === 'stored');
      const omitted = source.slice(0, header.omitted.length);
      assert.deepEqual(header, { kind: 'stored', ...fields, omitted, previewBytes: 0 });
    }),
    { numRuns: 300 },
  );
});

test('restores a stored source with a preview', () => {
  fc.assert(
    fc.property(storedFiles, previews, (file, preview) => {
      assert.deepEqual(parseFile(encodeStored({ ...file, preview })), { ...file, preview });
    }),
  );
});

test('decodes a Buffer of a pool to plain arrays', () => {
  const { container, bytes } = smallFile();
  assert.deepEqual(decodeContainer(Buffer.concat([bytes])), container);
});

test('coded bytes, metadata, recipe, preview and overhead add up to the file', () => {
  fc.assert(
    fc.property(containers, (container) => {
      const { length } = encodeContainer(container);
      const { codedBytes, metadataBytes, recipeBytes, previewBytes, overheadBytes } = countBytes(container, length);
      assert.equal(codedBytes + metadataBytes + recipeBytes + previewBytes + overheadBytes, length);
      assert.equal(metadataBytes, length - encodeContainer({ ...container, metadata: [] }).length);
      assert.equal(recipeBytes, length - encodeContainer({ ...container, restoration: null }).length);
      const payloads = tilesOf(container).flatMap(partsOf).flatMap(payloadsOf);
      assert.equal(
        codedBytes,
        payloads.reduce((sum, { length: bytes }) => sum + bytes, 0),
      );
    }),
  );
});

test('the overhead of a one-tile RGB image is at most 34 bytes, or 42 with a model that is named by its id', () => {
  for (const [width, height] of [
    [1, 1],
    [768, 512],
    [1024, 1024],
    [127, 8256],
    [64, 16384],
    [1, 2 ** 20],
  ] as const) {
    for (const [rgbModel, maxOverhead] of [
      [1, 34],
      [MODEL_ID, 42],
      [null, 33],
    ] as const) {
      const container = sampleContainer({ ...RGB, width, height, rgbModel });
      assert.equal(tilesOf(container).length, 1);
      const overhead = countBytes(container, encodeContainer(container).length).overheadBytes;
      assert.ok(overhead <= maxOverhead, `${overhead} bytes for ${width}x${height}`);
    }
  }
});

test('a megapixel with 3 MiB of payload has exactly 34 bytes of overhead', () => {
  const container = sampleContainer({ ...RGB, width: 1024, height: 1024 });
  assert.equal(encodeContainer(container).length, 3 * 2 ** 20 + 34);
});

test('does not write a container that no decoder would accept', () => {
  const good = sampleContainer(RGB);
  const raw = sampleContainer({ ...RGB, rgbModel: null });
  const tile = tilesOf(good)[0]!;
  const rgba = sampleContainer({ ...RGB, channels: 4, rgbModel: null });
  const coded = (representation: TilePart['representation'], length: number): TilePart => ({
    representation,
    payload: new Uint8Array(length),
  });
  const split = { ...TOGETHER, alpha: coded('raw', 4), colours: coded('raw', 12), samplesCrc: null };
  const gray = { ...tile, colours: coded('raw', 4), isGray: true };
  assert.doesNotThrow(() => encodeContainer({ ...rgba, image: [split] }));
  assert.doesNotThrow(() => encodeContainer({ ...good, image: [gray] }));
  const bad = [
    { ...good, header: { ...RGB, width: 0 } },
    { ...good, header: { ...RGB, height: 2 ** 31 } },
    { ...good, header: { ...RGB, rgbModel: new Uint8Array(7) } },
    { ...good, header: { ...RGB, rgbModel: 0 } },
    { ...good, header: { ...RGB, rgbModel: 256 } },
    { ...good, header: { ...RGB, rgbModel: null } },
    { ...good, header: { ...RGB, channels: 1 as const } },
    { ...good, header: { ...RGB, depth: 4 as const } },
    { ...good, header: { ...RGB, indexed: true } },
    { ...good, header: { ...RGB, effort: 0 as Effort } },
    { ...raw, header: { ...raw.header, effort: 1 as const } },
    { ...good, digest: new Uint8Array(15) },
    { ...good, restoration: { extension: '.png', recipe: new Uint8Array(1), digest: new Uint8Array(31) } },
    { ...good, restoration: { extension: '.exe', recipe: new Uint8Array(1), digest: new Uint8Array(32) } },
    { ...good, image: [] },
    { ...good, image: [tile, tile] },
    { ...good, image: [{ ...tile, samplesCrc: 1 }] },
    { ...good, image: [{ ...tile, colours: coded('model', 13) }] },
    { ...good, image: [{ ...tile, colours: coded('raw', 11) }] },
    { ...good, image: [{ ...tile, hiddenColour: [1, 2, 3] }] },
    { ...good, image: [{ ...tile, alpha: coded('raw', 4) }] },
    { ...good, image: [{ ...gray, colours: coded('model', 4) }] },
    { ...rgba, image: [{ ...split, alpha: coded('model', 4) }] },
    { ...rgba, image: [{ ...split, hiddenColour: [1, 2, 3] }] },
    { ...rgba, image: [{ ...split, alpha: coded('raw', 3) }] },
    { ...rgba, image: [{ ...split, alpha: null, colours: coded('raw', 4), isGray: true }] },
  ];
  for (const container of bad) assert.throws(() => encodeContainer(container), RangeError);
});

test('does not write a stored source that no decoder would accept', () => {
  const good = { width: 1, height: 1, extension: '.gif', source: new Uint8Array(9) };
  assert.doesNotThrow(() => encodeStored(good));
  for (const bad of [
    { extension: '.exe' },
    { extension: '' },
    { extension: '.Gif' },
    { width: 0 },
    { height: 2 ** 31 },
  ])
    assert.throws(() => encodeStored({ ...good, ...bad }), RangeError, JSON.stringify(bad));
});
