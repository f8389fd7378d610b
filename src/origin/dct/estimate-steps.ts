import { BASE_COUNT, MAX_QUALITY, scaledTable } from '../../jpeg/quantisation.js';

const MAX_STEP = 255;
/** Samples are rounded, so coefficients have an error of variance 1/12; values beyond four deviations are not 0. */
const SIGNIFICANT = 1.2;
/**
 * Errors of the coefficients of blocks with no other than DC, and with few others, compared with those of a block whose
 * samples are rounded independently.
 */
const FLAT_SCALE = 7;
const SPARSE_SCALE = 2.8;
const SPARSE = 6;
/** Number of values of a coefficient that are looked at. */
const MAX_VALUES = 200;
/** Cost in bits of the squared distance of a value from a multiple of its step, and the least of a multiple but 0. */
const SQUARE_BITS = 12;
const NON_ZERO_BITS = 3;
/** Values of a coefficient from which on its step is certain. */
const MANY_VALUES = 8;
/** What a step that belongs to no table of an encoder costs, in bits, and one that is not that of a similar table. */
const FREE_STEP_BITS = 24;
const OTHER_STEP_BITS = 14;

/**
 * Returns the 64 quantisation steps of which the DCT coefficients of blocks are multiples: those with which
 * coefficients and errors need the fewest bits. Prefers tables that encoders scale by a quality.
 * @param blocks coefficients of each block, real numbers in natural order
 * @param error how large the errors of samples are compared with those of rounding
 */
export function estimateSteps(blocks: readonly Float64Array[], error = 1): Uint16Array {
  // The least noisy blocks first: only some are looked at.
  const scaled = blocks.map((block) => scaledBlock(block, error)).sort((a, b) => a.scale - b.scale);
  const values = Array.from({ length: 64 }, (_, k) => significantValues(scaled, k));
  const costs = values.map(stepCosts);
  const free = Uint16Array.from(costs, cheapestStep);
  const used = costs.filter((cost) => cost.some((bits) => bits !== 0)).length;
  const table = cheapestTable(costs);
  if (costOf(table, costs) <= costOf(free, costs) + FREE_STEP_BITS * used) return table;
  // A step that few values show is taken from the table that is most like the others.
  const similar = nearestTable(free, (k) => values[k]!.length >= MANY_VALUES);
  return free.map((step, k) => (costs[k]![similar[k]!]! <= costs[k]![step]! + OTHER_STEP_BITS ? similar[k]! : step));
}

/** Coefficients of a block, and the scale of their errors. */
interface ScaledBlock {
  readonly coefficients: Float64Array;
  readonly scale: number;
}

function scaledBlock(coefficients: Float64Array, error: number): ScaledBlock {
  let count = 0;
  for (let k = 1; k < 64; k++) if (Math.abs(coefficients[k]!) > error * SIGNIFICANT) count++;
  return { coefficients, scale: error * (count >= SPARSE ? 1 : count > 0 ? SPARSE_SCALE : FLAT_SCALE) };
}

/** The magnitude of a coefficient that is not 0, and the scale of its error. */
interface Significant {
  readonly value: number;
  readonly scale: number;
}

function significantValues(blocks: readonly ScaledBlock[], k: number): Significant[] {
  const values: Significant[] = [];
  for (const { coefficients, scale } of blocks) {
    const value = Math.abs(coefficients[k]!);
    if (value > SIGNIFICANT * scale && values.push({ value, scale }) === MAX_VALUES) break;
  }
  return values;
}

/** Returns the cost of each step for these values, in bits: Float64Array[256], the first one unused. */
function stepCosts(values: readonly Significant[]): Float64Array {
  const costs = new Float64Array(MAX_STEP + 1);
  for (let step = 1; step <= MAX_STEP; step++) {
    for (const { value, scale } of values) {
      const multiple = Math.round(value / step);
      const distance = (value - step * multiple) / scale;
      costs[step]! += SQUARE_BITS * Math.min(1, distance * distance);
      if (multiple > 0) costs[step]! += NON_ZERO_BITS + 31 - Math.clz32(multiple);
    }
  }
  return costs;
}

function cheapestStep(costs: Float64Array): number {
  let best = 1;
  for (let step = 2; step <= MAX_STEP; step++) if (costs[step]! < costs[best]!) best = step;
  return best;
}

function cheapestTable(costs: readonly Float64Array[]): Uint16Array {
  return bestTable((table) => costOf(table, costs));
}

/** Returns the table with the smallest sum of relative differences between its steps and the known ones. */
function nearestTable(steps: Uint16Array, isKnown: (k: number) => boolean): Uint16Array {
  return bestTable((table) =>
    table.reduce((sum, step, k) => sum + (isKnown(k) ? Math.abs(step - steps[k]!) / (step + steps[k]!) : 0), 0),
  );
}

/** Returns the scaled table with the lowest cost, of equal ones that of the highest quality. */
function bestTable(costOfTable: (table: Uint16Array) => number): Uint16Array {
  let best = scaledTable({ base: 0, quality: MAX_QUALITY }, false);
  let lowest = costOfTable(best);
  for (let base = 0; base < BASE_COUNT; base++) {
    for (let quality = MAX_QUALITY; quality > 0; quality--) {
      const table = scaledTable({ base, quality }, false);
      const cost = costOfTable(table);
      if (cost < lowest) [best, lowest] = [table, cost];
    }
  }
  return best;
}

function costOf(steps: Uint16Array, costs: readonly Float64Array[]): number {
  return costs.reduce((sum, cost, k) => sum + cost[steps[k]!]!, 0);
}
