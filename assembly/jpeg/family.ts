/**
 * A family of binary decisions: those that answer the same question share contexts, weights and APMs. Each of its
 * contexts has a table of lines of slots, addressed by a hash; a slot is the adaptive probability that the decision is
 * 1. A decision uses slot number `node` of the line of each context.
 */
import { reserve } from '../palette/memory';
import { SETS } from '../kernels/mixing';
import { POINTS, pointLogit } from '../mixer/probability-maps';
import { squash4 } from '../mixer/logistic';
import { startWeights } from './start-scale';

/** Binary logarithm of the bytes of a group of lines: a cache line. */
export const GROUP_BITS: u32 = 6;
/** Largest number of contexts of a family. */
export const MAX_CONTEXTS: i32 = 32;
/** Inputs in addition to two per context. */
export const EXTRA_INPUTS: i32 = 8;

/** An unused slot: probability 1/2, no uses. */
const FRESH: u32 = 1 << 31;
/** A family; its fields are laid out by `reserveFamily`. */
@unmanaged
export class Family {
  /** Bytes of a u32 or f32 per context. */
  contextBytes: usize;
  /** Bytes of a weight vector. */
  vectorBytes: usize;
  /** 32 minus the binary logarithm of the groups of lines of a context. */
  groupShift: u32;
  /** Binary logarithm of the bytes of a line. */
  lineBits: u32;
  /** Bytes of a context's table. */
  tableBytes: usize;
  tables: usize;
  tablesEnd: usize;
  /** Vectors of the four sets, one set after the other, and their learning steps, f32. */
  weights: usize;
  weightsEnd: usize;
  ages: usize;
  agesEnd: usize;
  /** Number of vectors in each set, and in those before it. */
  size0: u32;
  size1: u32;
  size2: u32;
  size3: u32;
  /** Vectors of the second layer, f32[seconds][4]. */
  seconds: usize;
  secondCount: u32;
  /** The two kinds of APMs. */
  apms0: usize;
  apms1: usize;
  apmCount0: u32;
  apmCount1: u32;
}

export const FAMILY_BYTES: i32 = 160;

/**
 * Reserves memory for a family.
 * @param contexts a multiple of 4
 * @param bits binary logarithm of the lines of a context
 * @param nodeBits binary logarithm of the slots of a line
 */
export function reserveFamily(
  family: Family,
  contexts: i32,
  bits: u32,
  nodeBits: u32,
  size0: u32,
  size1: u32,
  size2: u32,
  size3: u32,
  seconds: u32,
  apms0: u32,
  apms1: u32,
): void {
  family.contextBytes = (<usize>contexts) << 2;
  family.vectorBytes = (<usize>(2 * contexts + EXTRA_INPUTS)) << 2;
  family.lineBits = nodeBits + 2;
  family.groupShift = 32 - (bits + family.lineBits - GROUP_BITS);
  family.tableBytes = (<usize>4) << (bits + nodeBits);
  family.tables = reserve(<usize>contexts * family.tableBytes);
  family.tablesEnd = family.tables + <usize>contexts * family.tableBytes;
  const vectors = <usize>(size0 + size1 + size2 + size3);
  family.weights = reserve(vectors * family.vectorBytes);
  family.weightsEnd = family.weights + vectors * family.vectorBytes;
  family.ages = reserve(vectors << 2);
  family.agesEnd = family.ages + (vectors << 2);
  family.size0 = size0;
  family.size1 = size1;
  family.size2 = size2;
  family.size3 = size3;
  family.seconds = reserve((<usize>seconds) << 4);
  family.secondCount = seconds;
  family.apms0 = reserve((<usize>(apms0 * POINTS)) << 2);
  family.apms1 = reserve((<usize>(apms1 * POINTS)) << 2);
  family.apmCount0 = apms0;
  family.apmCount1 = apms1;
}

/**
 * Sets everything that a family learns to its start.
 * @param start weights of the vectors of each of the four sets, in steps of 2^-12, i16[4][inputs]
 */
export function startFamily(family: Family, start: usize): void {
  const fresh = i32x4.splat(FRESH);
  for (let at = family.tables; at < family.tablesEnd; at += 16) v128.store(at, fresh);
  startSet(family, 0, family.size0, start);
  startSet(family, family.size0, family.size1, start + (family.vectorBytes >> 1));
  startSet(family, family.size0 + family.size1, family.size2, start + family.vectorBytes);
  startSet(family, family.size0 + family.size1 + family.size2, family.size3, start + 3 * (family.vectorBytes >> 1));
  memory.fill(family.ages, 0, family.agesEnd - family.ages);
  for (let i: usize = 0; i < <usize>family.secondCount; i++) {
    v128.store(family.seconds + (i << 4), f32x4.splat(1.0 / <f32>SETS));
  }
  startApms(family.apms0, family.apmCount0);
  startApms(family.apms1, family.apmCount1);
}

/** Sets `count` vectors from number `first` on to the same weights. */
function startSet(family: Family, first: u32, count: u32, start: usize): void {
  const vector = family.vectorBytes;
  const from = family.weights + <usize>first * vector;
  for (let i: usize = 0; i < vector; i += 16) v128.store(from + i, startWeights(start + (i >> 1)));
  const end = from + <usize>count * vector;
  for (let at = from + vector; at < end; at += 16) v128.store(at, v128.load(at - vector));
}

function startApms(apms: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    for (let point = 0; point < POINTS; point++) {
      const p = f32x4.extract_lane(squash4(f32x4.splat(pointLogit(point))), 0);
      store<f32>(apms + ((<usize>(i * POINTS + point)) << 2), p);
    }
  }
}
