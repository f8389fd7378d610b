import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colourMetadata } from '#pixrnn/image/colour-metadata.js';
import { NO_METADATA, packMetadata, unpackMetadata } from '#pixrnn/image/png-metadata.js';
import { chunk } from '../../fixtures/png.js';

const shape = { width: 9, height: 5, channels: 1, depth: 8, indexed: true } as const;
const palette = chunk('PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6));
const transparent = chunk('tRNS', Uint8Array.of(7));

async function keptChunks(types: readonly { type: string; data: Uint8Array }[]): Promise<string[]> {
  const payload = await packMetadata({ ...NO_METADATA, beforeImage: [...types], afterImage: [chunk('tEXt', 'a\0b')] });
  const [kept] = await colourMetadata(shape, [payload!]);
  if (!kept) return [];
  const { beforeImage, afterImage, trailing } = await unpackMetadata(kept);
  assert.deepEqual([afterImage.length, trailing.length], [0, 0]);
  return beforeImage.map(({ type, data }) => `${type} ${Buffer.from(data).toString('hex')}`);
}

test('keeps palette, transparent colours and colour space, and nothing else', async () => {
  const gamma = chunk('gAMA', Uint8Array.of(0, 0, 0xb1, 0x8f));
  const resolution = chunk('pHYs', new Uint8Array(9));
  assert.deepEqual(await keptChunks([gamma, resolution, palette, transparent]), [
    'gAMA 0000b18f',
    'PLTE 010203040506',
    'tRNS 07',
  ]);
  assert.deepEqual(await colourMetadata({ ...shape, indexed: false }, []), []);
});

test('rejects metadata that does not suit the image', async () => {
  const bad = await packMetadata({ ...NO_METADATA, beforeImage: [transparent] });
  await assert.rejects(colourMetadata(shape, [bad!]), { code: 'file-corrupt' });
});
