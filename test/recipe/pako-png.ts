import { deflate } from 'pako';
import { concatBytes } from '#pixrnn/bytes.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { assemblePng, type Chunk, chunk } from '../../fixtures/png.js';
import { filteredRows, palette } from '../image/reference-png.js';

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
  const { width, height, channels, depth, indexed } = raster;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  header[9] = indexed ? 3 : { 1: 0, 2: 4, 3: 2, 4: 6 }[channels];
  header[12] = interlaced ? 1 : 0;
  const zlib = deflate(filteredRows(raster, { interlaced, seed: width }), { level: level });
  const data = Array.from({ length: parts }, (_, i) =>
    zlib.subarray(Math.floor((i * zlib.length) / parts), Math.floor(((i + 1) * zlib.length) / parts)),
  );
  const file = assemblePng([
    { type: 'IHDR', data: header },
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
