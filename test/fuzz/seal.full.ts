import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { equalBytes } from '#pixrnn/bytes.js';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { parseFile } from '#pixrnn/codec/container.js';
import { generator } from '../../fixtures/draw.js';
import { imageSeeds } from '../../scripts/fuzz/image-seeds.js';
import { knownModels } from '../../scripts/fuzz/models.js';
import { openPrnn } from '../../scripts/fuzz/open-prnn.js';
import { joinParts, splitParts } from '../../scripts/fuzz/parts.js';
import { openPng, sealPng } from '../../scripts/fuzz/png-parts.js';
import { prnnSeeds } from '../../scripts/fuzz/prnn-seeds.js';
import { repairedParts } from '../../scripts/fuzz/repair-prnn.js';
import { sealPrnn } from '../../scripts/fuzz/seal-prnn.js';
import { storedBrotli } from '../../scripts/fuzz/stored-brotli.js';
import { mutated } from '../jpeg/mutations.js';
import { chooser } from '../jpeg/synthetic.js';

let seeds: [string, Uint8Array][];
before(async () => {
  seeds = [...(await prnnSeeds())];
});

test('stores bytes as Brotli', () => {
  const random = generator(1);
  for (const length of [0, 1, 70, 65_536, 65_537, 200_000]) {
    const bytes = Uint8Array.from({ length }, () => 256 * random());
    assert.ok(equalBytes(brotliDecompressSync(storedBrotli(bytes)), bytes), `${length} bytes`);
  }
});

test('sealing the open form of a .prnn file gives a file of the same parts', async () => {
  const models = await knownModels();
  for (const [name, bytes] of seeds) {
    const parts = splitParts(openPrnn(bytes))!;
    const sealed = sealPrnn(parts);
    assert.deepEqual(splitParts(openPrnn(sealed)), parts, name);
    assert.deepEqual(sealPrnn(repairedParts(parts, models)), sealed, `${name}: nothing to repair`);
  }
});

test('repaired files have a valid container, whatever their parts are', async () => {
  const models = await knownModels();
  const random = chooser([5]);
  let valid = 0;
  const count = 600;
  for (let i = 0; i < count; i++) {
    const parts = splitParts(mutated(openPrnn(seeds[i % seeds.length]![1]), random));
    if (parts && isValid(sealPrnn(repairedParts(parts, models)))) valid++;
  }
  // Mutations within payloads of luma and chroma, of alpha and of small images break rules on purpose.
  assert.ok(valid > 0.7 * count, `${valid} of ${count}`);
});

function isValid(bytes: Uint8Array): boolean {
  try {
    parseFile(bytes);
    return true;
  } catch {
    return false;
  }
}

test('sealing the open form of a PNG file gives the same chunks and rows', async () => {
  for (const [name, bytes] of await imageSeeds('png')) {
    if (name.startsWith('drawn')) {
      const open = tryOpen(bytes);
      if (open) {
        assert.deepEqual(openPng(sealPng(open)), open, name);
        const types = (file: Uint8Array) => new Set(readChunks(file).chunks.map(({ type }) => type));
        assert.deepEqual(types(sealPng(open)), types(bytes), name);
      }
    }
  }
});

/** Returns null for the seeds whose rows or text are no zlib stream. */
function tryOpen(bytes: Uint8Array): Uint8Array | null {
  try {
    return openPng(bytes);
  } catch {
    return null;
  }
}

test('parts survive joining, and what is before the first one is ignored', () => {
  const parts = [
    { tag: 'h', bytes: Uint8Array.of(1, 2) },
    { tag: 'c', bytes: new Uint8Array(0) },
  ];
  const joined = joinParts(parts);
  assert.deepEqual(splitParts(joined), parts);
  assert.deepEqual(splitParts(Uint8Array.of(9, ...joined)), parts);
  assert.equal(splitParts(Uint8Array.of(9, 9)), null);
});
