import { totalmem } from 'node:os';
import { tileCount } from '../codec/tile-grid.js';
import type { Cost } from './memory-budget.js';
import { type FileSize, pixelsOf } from './header.js';

/*
 * How much memory a batch takes at most. docs/BATCH.md states the formula for users, `npm run bench:batch` measures against it.
 *
 *     BASE + threads * PER_THREAD + for each file at work: SAMPLE_COPIES * samples + FILE_COPIES * its bytes + PER_FILE
 */

const MEBIBYTE = 2 ** 20;
/** Node.js, the program, the models as the main thread holds them, garbage that is not collected yet. */
const BASE = 160 * MEBIBYTE;
/** The engines that encode and decode, with a model each, and the tile at hand with its copies. */
const PER_THREAD = 140 * MEBIBYTE;
/** The image; what it is unpacked from, or is packed into; and as much as garbage may stay of the file before. */
const SAMPLE_COPIES = 4;
/** The file, and its image data in one piece. */
const FILE_COPIES = 3;
const PER_FILE = 4 * MEBIBYTE;

/** Bytes that a run takes whatever the files. */
export function fixedMemory(threads: number): number {
  return BASE + threads * PER_THREAD;
}

/** What a file takes beside that. Of an image of unknown size its bytes give a guess: such a file mostly fails at once. */
export function costOf(size: FileSize): Cost {
  const { shape, bytes } = size;
  const samples = shape ? shape.width * shape.height * shape.channels * (shape.depth === 16 ? 2 : 1) : pixelsOf(size);
  return {
    memory: SAMPLE_COPIES * samples + FILE_COPIES * bytes + PER_FILE,
    tiles: shape ? tileCount(shape.width, shape.height) : 1,
  };
}

/** The bound where none is given: three quarters of what the machine, or its container, has. */
export function defaultMemory(): number {
  const constrained = process.constrainedMemory() ?? 0; // none is 0, or a number beyond all memory
  const total = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return 0.75 * total;
}
