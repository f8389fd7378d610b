import { architectureOf } from '../model/architectures.js';
import type { TensorShape } from '../model/architecture.js';
import { CAUSAL_TAPS } from '../model/masks.js';
import { HEAD_CONDITIONS, type PhotoSpec, predictorsOf, WINDOW_INPUTS } from '../model/photo.js';
import { elementCount } from '../model/tensor-shape.js';
import type { Checkpoint } from './checkpoint.js';
import { grownMemories } from './grow.js';
import { Random } from './random.js';

/** The old index of each row of a new matrix; -1 for a new row. */
type Rows = readonly number[];

/**
 * Returns a checkpoint of a `photo` network with other predictors, wider layers and heads, or more blocks. Inputs from new
 * predictors and from new features have weight zero and new blocks add zero, so all these contribute nothing until training
 * changes them; the inputs from predictors that the spec no longer has are dropped. New weights are drawn with the step as
 * seed.
 * @param spec the checkpoint's spec with other `predictors`, larger or equal `features`, `blocks` and `head`
 */
export function changedPhoto(start: Checkpoint, spec: PhotoSpec): Checkpoint {
  const before = start.spec as PhotoSpec;
  const columnsBefore = new Map(tensorsOf(before).map(({ name, shape }) => [name, shape.at(-1) as number]));
  const random = new Random(start.step);
  const change = (old: ReadonlyMap<string, Float32Array>, draw: (fanIn: number) => number) =>
    new Map(
      tensorsOf(spec).map((tensor) => {
        const columns = columnsBefore.get(tensor.name);
        if (columns === undefined) return [tensor.name, added(tensor, draw)] as const;
        const values = old.get(tensor.name) as Float32Array;
        return [tensor.name, changed(values, columns, tensor, before, spec, draw)] as const;
      }),
    );
  // The running mean begins again, from its old values.
  const trained = start.average?.means ?? start.weights;
  return {
    ...start,
    spec,
    weights: change(trained, (fanIn) => Math.sqrt(1 / fanIn) * random.normal()),
    optimizer: grownMemories(start.optimizer, (memory) => change(memory, () => 0)),
    average: undefined,
  };
}

function changed(
  old: Float32Array,
  oldColumns: number,
  { name, shape }: TensorShape,
  before: PhotoSpec,
  after: PhotoSpec,
  draw: (fanIn: number) => number,
): Float32Array {
  const isBias = shape.length === 1;
  const columns = shape.at(-1) as number;
  const rows = isBias ? [0] : rowsOf(name, before, after);
  return Float32Array.from({ length: elementCount(shape) }, (_, i) => {
    const [row, column] = [rows[Math.floor(i / columns)] as number, i % columns];
    if (column >= oldColumns) return isBias ? 0 : draw(rows.length);
    return row < 0 ? 0 : (old[row * oldColumns + column] as number);
  });
}

/** Returns the weights of a layer of a new block, whose last layer gives zeros. */
function added({ name, shape }: TensorShape, draw: (fanIn: number) => number): Float32Array {
  const isZero = shape.length === 1 || name.endsWith('.pointwise.weight');
  return Float32Array.from({ length: elementCount(shape) }, () => (isZero ? 0 : draw(shape[0] as number)));
}

function rowsOf(name: string, before: PhotoSpec, after: PhotoSpec): Rows {
  const { channels } = after;
  const old = predictorsOf(before);
  const predictors = [...predictorsOf(after)].map((letter) => old.indexOf(letter));
  const features = widened(before.features, after.features);
  /** Rows for each predictor, `each` of them, after the first `first` ones of the old matrix. */
  const ofPredictors = (first: number, each: number): Rows =>
    predictors.flatMap((s) => range(each).map((i) => (s < 0 ? -1 : first + s * each + i)));
  if (name === 'input.weight') {
    const window = WINDOW_INPUTS * channels;
    return [...range(window), ...ofPredictors(window, channels), ...ofPredictors(window + old.length * channels, 1)];
  }
  if (name.endsWith('.conv.weight')) {
    return range(CAUSAL_TAPS).flatMap((tap) => features.map((row) => (row < 0 ? -1 : tap * before.features + row)));
  }
  if (name.endsWith('.pointwise.weight')) return features;
  if (name.endsWith('.mixture.weight')) return widened(before.head, after.head);
  const channel = Number(name.split('.')[1]);
  const { features: first } = before;
  const conditions = range(HEAD_CONDITIONS * channel).map((i) => first + 2 * old.length + i);
  return [...features, ...ofPredictors(first, 1), ...ofPredictors(first + old.length, 1), ...conditions];
}

function tensorsOf(spec: PhotoSpec): TensorShape[] {
  return architectureOf('photo').shapes(spec);
}

function widened(before: number, after: number): Rows {
  return range(after).map((i) => (i < before ? i : -1));
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
