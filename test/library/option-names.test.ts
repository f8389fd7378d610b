import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compress, PixrnnError, readImage } from '#pixrnn/index.js';
import { messageOf } from '#pixrnn/cli/messages.js';
import { noise } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';

const DIST = join(import.meta.dirname, '../../../dist');
const LIBRARY = ['codec', 'engine', 'image', 'library', 'model', 'packing', 'parity', 'recipe'];

async function errorOf(promise: Promise<unknown>): Promise<PixrnnError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PixrnnError, String(error));
  return error;
}

test('the library names its own options, the command line its switches', async () => {
  const png = pngOf(noise({ width: 8, height: 8 }));
  const error = await errorOf(compress(png, { maxPixels: 10 }));
  assert.equal(error.option, 'maxPixels');
  assert.match(error.message, /\. If you trust the file, raise maxPixels\.$/);
  assert.match(messageOf(error), /\. If you trust the file, raise --max-pixels\.$/);

  const pages = await errorOf(readImage(Buffer.from('P5 1 1 255\nxP5 1 1 255\ny'), {}));
  assert.match(pages.message, /PNM file with 2 images\. Select one of them with page\.$/);
  assert.match(messageOf(pages), /\. Select one of them with --page\.$/);
  const model = new PixrnnError('unknown-model', 'it names 2 models. Pass its weights with models.', {
    option: 'models',
  });
  assert.equal(messageOf(model), 'it names 2 models. Pass its weights with --model.');
});

test('no message of the library contains a switch of the command line', () => {
  for (const layer of LIBRARY) {
    const files = readdirSync(join(DIST, layer), { recursive: true, encoding: 'utf8' });
    for (const name of files.filter((file) => file.endsWith('.js'))) {
      const text = readFileSync(join(DIST, layer, name), 'utf8');
      assert.doesNotMatch(text, /['"`][^'"`\n]*\s--[a-z][^'"`\n]*['"`]/, `${layer}/${name}`);
    }
  }
});
