import { totalmem } from 'node:os';
import { tileCount } from '../codec/tile-grid.js';
import type { Cost } from './memory-budget.js';
import { type FileSize, pixelsOf } from './header.js';

/*
 * The maximum memory of a batch. docs/BATCH.md documents the formula, and `npm run bench:batch` compares it with measurements.
 *
 *     BASE + threads * PER_THREAD + for each file in progress: SAMPLE_COPIES * samples + FILE_COPIES * its bytes + PER_FILE
 *
 * with COEFFICIENT_COPIES * coefficients instead of samples for JPEG files.
 */

const MEBIBYTE = 2 ** 20;
/** Node.js, the program, the models in the main thread, uncollected garbage. */
const BASE = 160 * MEBIBYTE;
/** The encoder and decoder engines, each with a model, and the current tile with its copies. */
const PER_THREAD = 140 * MEBIBYTE;
/** The image, the buffer that it is unpacked from or packed into, what its recipe needs, and as much garbage of the previous file. */
const SAMPLE_COPIES = 6;
/** The file, and its image data in one buffer. */
const FILE_COPIES = 3;
const PER_FILE = 4 * MEBIBYTE;
/** The coefficients of the image, and as much in the coder, in a rebuilt file's pixels, or as garbage; 16 bits each. */
const COEFFICIENT_COPIES = 2;
const COEFFICIENT_BYTES = 2;

/** Returns the bytes that a run needs independently of the files. */
export function fixedMemory(threads: number): number {
  return BASE + threads * PER_THREAD;
}

/** Returns the additional cost of a file; if its shape is unknown, an estimate from its size, since most such files fail immediately. */
export function costOf(size: FileSize): Cost {
  const { shape, bytes, coefficients } = size;
  if (coefficients !== null) {
    const memory = COEFFICIENT_COPIES * COEFFICIENT_BYTES * coefficients + FILE_COPIES * bytes + PER_FILE;
    return { memory, tiles: 1 }; // one thread codes it
  }
  const samples = shape ? shape.width * shape.height * shape.channels * (shape.depth === 16 ? 2 : 1) : pixelsOf(size);
  return {
    memory: SAMPLE_COPIES * samples + FILE_COPIES * bytes + PER_FILE,
    tiles: shape ? tileCount(shape.width, shape.height) : 1,
  };
}

/** Returns the default budget: three quarters of the memory of the machine or its container. */
export function defaultMemory(): number {
  const constrained = process.constrainedMemory() ?? 0; // 0 or a huge number if unconstrained
  const total = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return 0.75 * total;
}
