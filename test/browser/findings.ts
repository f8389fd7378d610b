import { compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import { heatMapPng } from '#pixrnn/heat-map/heat-map.js';
import { packMetadata } from '#pixrnn/image/png-metadata.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { writePng } from '#pixrnn/image/write-png.js';
import { gridFile } from '#pixrnn/sampling/grid-file.js';
import { sampleImages } from '#pixrnn/sampling/sample-images.js';
import { blobs } from '../../fixtures/draw.js';
import { type Golden, sha256 } from '../../fixtures/golden-cases.js';
import { tinyModel } from '../../fixtures/tiny-model.js';

/** SHA-256 by the name of what was computed. */
export type FileHashes = Readonly<Record<string, string>>;

/** Results that a browser page and Node.js compute alike. */
export interface Findings {
  readonly golden: Golden;
  readonly files: FileHashes;
}

/** Computes files of every module of the core with a pool of workers. */
export async function computeFiles(): Promise<FileHashes> {
  const files: Record<string, string> = {};
  const pool = await EnginePool.create({ threads: 2 });
  try {
    const raster = blobs({ width: 1100, height: 30, channels: 3 });
    const data = new TextEncoder().encode('Title\0a tEXt chunk');
    const metadata = await packMetadata({
      beforeImage: [{ type: 'tEXt', data }],
      afterImage: [],
      trailing: new Uint8Array(0),
    });
    const { bytes } = await compressRaster(raster, { pool, effort: 2, metadata: metadata ? [metadata] : [] });
    files['two tiles'] = sha256(bytes);
    const decoded = await decompressToRaster(bytes, { pool });
    const png = await writePng(decoded.raster, decoded.container.metadata);
    const read = await readImage(png);
    files['samples of a PNG file'] = sha256(read.raster.samples as Uint8Array);
    files['its metadata'] = sha256(read.metadata[0]!);
    const bits = Float32Array.from({ length: 64 }, (_, i) => i / 4);
    const heatMap = await readImage(await heatMapPng({ width: 8, height: 8, bits }, 16));
    files['a heat map'] = sha256(heatMap.raster.samples as Uint8Array);
    const model = tinyModel(3);
    const [sample] = await sampleImages(model, { width: 9, height: 7 }, 1, { seed: 3, temperature: 1, pool });
    const drawn = { width: 9, height: 7, channels: 3, depth: 8, indexed: false, samples: sample! } as const;
    const grid = await readImage(await gridFile(drawn, 'a sample', { model, seed: 3, temperature: 1 }));
    files['a sample'] = sha256(grid.raster.samples as Uint8Array);
  } finally {
    await pool.close();
  }
  return files;
}
