import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Raster } from '#pixrnn/image/raster.js';
import { bmpFormat } from '#pixrnn/recipe/bmp.js';
import type { SourceFormat } from '#pixrnn/recipe/format.js';
import { gifFormat } from '#pixrnn/recipe/gif.js';
import { pnmFormat } from '#pixrnn/recipe/pnm.js';
import { tiffFormat } from '#pixrnn/recipe/tiff.js';
import { blobs, draw } from '../../fixtures/draw.js';
import { referenceBmp } from '../image/reference-bmp.js';
import { referenceGif } from '../image/reference-gif.js';
import { referenceTiff } from '../image/reference-tiff.js';

const [width, height] = [9, 7];
const rgb = blobs({ width, height });
const gray16 = draw({ width, height, channels: 1, depth: 16 }, (x, y) => x + y);
const indexed: Raster = {
  width,
  height,
  channels: 1,
  depth: 8,
  indexed: true,
  samples: Uint8Array.from({ length: width * height }, (_, i) => i),
};
const rasters: Raster[] = [rgb, gray16, indexed];

/** A format with parameters that it accepts for one of the rasters. */
async function goodParameters(): Promise<[SourceFormat, Uint8Array, Raster][]> {
  const pixels = Array<number>(28 * height).fill(0);
  const samples = Array.from(indexed.samples);
  const files: [SourceFormat, Uint8Array, Raster][] = [
    [bmpFormat, referenceBmp({ width, height, bits: 24, pixels }), { ...rgb, samples: new Uint8Array(189) }],
    [pnmFormat, Buffer.from([...Buffer.from(`P5 ${width} ${height} 255\n`), ...samples]), indexed],
    [gifFormat, referenceGif(width, height, [{ width, height, indices: samples }]), indexed],
    [tiffFormat, referenceTiff({ width, height, bits: 8, photometric: 1, data: samples }), indexed],
  ];
  return Promise.all(
    files.map(async ([format, file, raster]): Promise<[SourceFormat, Uint8Array, Raster]> => {
      const layout = await format.layoutOf(file, raster);
      assert.ok(layout);
      return [format, layout.parameters, raster];
    }),
  );
}

/** Packs a stream; returns its size, or -1 if the parameters are rejected. */
async function packedSize(
  format: SourceFormat,
  raster: Raster,
  parameters: Uint8Array,
  index: number,
): Promise<number> {
  try {
    return (await format.packedBytes(raster, parameters, index)).length;
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'file-corrupt', String(error));
    return -1;
  }
}

test('any parameters make a stream of a bounded size, or are rejected', async () => {
  const formats = (await goodParameters()).map(([format]) => format);
  const index = fc.nat(3);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...formats),
      fc.constantFrom(...rasters),
      fc.uint8Array({ maxLength: 30 }),
      index,
      async (format, raster, parameters, stream) => {
        const size = await packedSize(format, raster, parameters, stream);
        assert.ok(size <= 4 * raster.samples.byteLength + 2 ** 20);
      },
    ),
    { numRuns: 4000 },
  );
});

test('parameters with changed, missing or further bytes are rejected or make another stream', async () => {
  for (const [format, parameters, raster] of await goodParameters()) {
    assert.ok((await packedSize(format, raster, parameters, 0)) > 0);
    assert.equal(await packedSize(format, raster, parameters, 1), -1, 'a stream that does not exist');
    assert.equal(await packedSize(format, raster, Uint8Array.of(...parameters, 0), 0), -1);
    for (let i = 0; i < parameters.length; i++) {
      assert.equal(await packedSize(format, raster, parameters.subarray(0, i), 0), -1, `${i} bytes`);
      for (const value of [0, 1, 2, 64, 127, 255]) await packedSize(format, raster, parameters.with(i, value), 0);
    }
  }
});
