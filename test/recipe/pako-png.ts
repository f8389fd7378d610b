import { deflate } from 'pako';
import { concatBytes } from '#pixrnn/bytes.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { assemblePng, type Chunk, chunk } from '../../fixtures/png.js';
import { filteredRows, header, palette } from '../image/reference-png.js';

/** How pixels become a file. */
interface Delivery {
  readonly interlaced?: boolean;
  readonly level?: number;
  readonly before?: readonly Chunk[];
  /** Chunks between the parts of the image data. */
  readonly between?: readonly Chunk[];
  readonly after?: readonly Chunk[];
  /** Number of IDAT chunks. */
  readonly parts?: number;
  readonly trailing?: Uint8Array;
}

/** Returns a PNG file whose image data pako deflates; its filters are chosen at random. */
export function pakoPng(raster: Raster, delivery: Delivery = {}): Uint8Array {
  const { interlaced = false, level = 6, before = [], between = [], after = [], parts = 1 } = delivery;
  const { width, depth, indexed } = raster;
  const zlib = deflate(filteredRows(raster, { interlaced, seed: width }), { level: level });
  const data = Array.from({ length: parts }, (_, i) =>
    zlib.subarray(Math.floor((i * zlib.length) / parts), Math.floor(((i + 1) * zlib.length) / parts)),
  );
  const file = assemblePng([
    header(raster, interlaced),
    ...before,
    ...(indexed ? [palette(2 ** depth)] : []),
    ...data.flatMap((part, i) =>
      i === 0 ? [{ type: 'IDAT', data: part }] : [...between, { type: 'IDAT', data: part }],
    ),
    ...after,
    chunk('IEND', ''),
  ]);
  return concatBytes([file, delivery.trailing ?? new Uint8Array(0)]);
}
