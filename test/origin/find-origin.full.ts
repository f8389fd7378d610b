import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Raster } from '#pixrnn/image/raster.js';
import { findPlanes } from '#pixrnn/origin/find-planes.js';
import { findOrigin } from '#pixrnn/origin/find-origin.js';
import { ORIGINS } from '#pixrnn/origin/origins.js';
import { samplesOfPlanes, sumOf } from '#pixrnn/origin/planes.js';
import { blobs, cutout, flat, gradient, noise, screen } from '../../fixtures/draw.js';
import { originImage, phasesOf } from '../../fixtures/origin-image.js';
import { drawnImage } from '../jpeg/drawn-pixels.js';

const SIZE = { width: 97, height: 83 };

for (const origin of ORIGINS) {
  test(`finds ${origin.name} in each phase, and its planes`, () => {
    for (const phase of phasesOf(origin)) {
      const raster = originImage(origin, phase, SIZE);
      assert.deepEqual(findOrigin(raster), { origin, phase }, `${phase.x} ${phase.y}`);
      const samples = raster.samples as Uint8Array;
      const { planes, exceptions } = findPlanes({ ...SIZE, samples }, origin, phase);
      const count = exceptions?.filter((sample) => sample !== 0).length ?? 0;
      assert.ok(count <= 0.05 * SIZE.width * SIZE.height, `${count} samples are exceptions`);
      const following = samplesOfPlanes({ origin, phase, planes }, SIZE.width, SIZE.height);
      assert.deepEqual(exceptions ? sumOf(following, exceptions) : following, samples);
    }
  });
}

test('finds the origin of JPEG images as libjpeg-turbo decodes them', async () => {
  for (const [chromaSubsampling, name] of [
    ['4:2:0', 'JPEG, 4:2:0'],
    ['4:4:4', 'JPEG, 4:4:4'],
  ] as const) {
    // prettier-ignore
    const file = await drawnImage(128, 96).jpeg({ quality: 90, chromaSubsampling }).toBuffer();
    assert.equal(findOrigin(await decoded(file))?.origin.name, name);
  }
});

async function decoded(file: Buffer): Promise<Raster> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return { width, height, channels: 3, depth: 8, indexed: false, samples: new Uint8Array(data) };
}

test('finds the origin of WebP and AVIF images as sharp decodes them', async () => {
  const webp = await drawnImage(128, 96).webp({ quality: 90 }).toBuffer();
  assert.equal(findOrigin(await decoded(webp))?.origin.name, 'WebP, 4:2:0');
  const avif = await drawnImage(128, 96).avif({ quality: 80, effort: 0, chromaSubsampling: '4:2:0' }).toBuffer();
  assert.equal(findOrigin(await decoded(avif))?.origin.name, 'HEIF (libheif), 4:2:0, replicated');
});

test('finds the rule of images whose colours follow from several rules', () => {
  // Pale colours: JPEG and Go round alike, and only one of them has chroma that is repeated.
  const origin = ORIGINS.find(({ name }) => name === 'JPEG (Go), 4:2:0, replicated')!;
  const pale = originImage(origin, { x: 0, y: 0 }, SIZE, 12);
  assert.deepEqual(findOrigin(pale)?.origin, origin);
});

test('finds none in other images', () => {
  const rgb = { ...SIZE, channels: 3 } as const;
  const others: Raster[] = [
    ...[blobs, noise, gradient, flat, screen].map((draw) => draw(rgb)),
    blobs({ ...SIZE, channels: 1 }),
    blobs({ ...SIZE, depth: 16 }),
    cutout({ ...SIZE, channels: 4 }),
    blobs({ width: 1, height: 1, channels: 3 }),
  ];
  for (const [i, raster] of others.entries()) assert.equal(findOrigin(raster), null, `image ${i}`);
});
