import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readImage } from '#pixrnn/image/read-image.js';
import type { Folder } from '../cli/pixrnn.js';

/** Checks that a.png of the folder is compressed and restored exactly with the model file at a path in it. */
export async function restoresImage(folder: Folder, modelFile: string): Promise<void> {
  const model = ['--model', modelFile];
  const compressed = await folder.run(['compress', ...model, 'a.png']);
  assert.equal(compressed.code, 0, compressed.stderr);
  const decompressed = await folder.run(['decompress', ...model, 'a.prnn', '-o', 'b.png']);
  assert.equal(decompressed.code, 0, decompressed.stderr);
  const pixels = async (name: string) => (await readImage(readFileSync(folder.at(name)))).raster;
  assert.deepEqual(await pixels('b.png'), await pixels('a.png'));
}
