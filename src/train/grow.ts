import type { PixelRnnSpec } from '../model/pixelrnn/spec.js';
import { pixelRnnShapes } from '../model/pixelrnn/tensors.js';
import { featureGroups } from '../model/masks.js';
import type { TensorShape } from '../model/architecture.js';
import { elementCount } from '../model/tensor-shape.js';
import { initialWeights } from './networks/initial-weights.js';
import type { Checkpoint } from './checkpoint.js';
import { Random } from './random.js';

/**
 * Returns a checkpoint with more layers and a wider head that computes the same function (Net2Net: Chen, Goodfellow and
 * Shlens 2016). New layers add zero to the residual stream, and the new features of the head add zero to the output, until
 * training changes them. New weights are drawn with the step as seed.
 * @param spec the checkpoint's spec with larger or equal `blocks` and `head`; must have residual connections
 */
export function grown(start: Checkpoint, spec: PixelRnnSpec): Checkpoint {
  const before = start.spec as PixelRnnSpec;
  const shapes = pixelRnnShapes(spec);
  const random = new Random(start.step);
  const fresh = new Map(
    shapes.map((tensor) => {
      const addsNothing = addsToStream(tensor.name) || outputOfHead(tensor.name);
      return [tensor.name, addsNothing ? zeros(tensor) : initialWeights(spec, tensor, () => random.normal())] as const;
    }),
  );
  const places = headPlaces(before, spec);
  /** Copies old values to their new positions; other values come from `rest`. */
  const grow = (old: ReadonlyMap<string, Float32Array>, rest: (tensor: TensorShape) => Float32Array) =>
    new Map(shapes.map((tensor) => [tensor.name, put(old.get(tensor.name), rest(tensor), tensor, places)] as const));
  const drawn = ({ name }: TensorShape): Float32Array => Float32Array.from(fresh.get(name) ?? []);
  return {
    ...start,
    spec,
    weights: grow(start.weights, drawn),
    optimizer: grownMemories(start.optimizer, (memory) => grow(memory, zeros)),
    average: start.average && { ...start.average, means: grow(start.average.means, drawn) },
  };
}

/** Returns the optimizer's state with the vectors of each kind grown by `grow`. */
export function grownMemories(
  optimizer: Checkpoint['optimizer'],
  grow: (memory: ReadonlyMap<string, Float32Array>) => ReadonlyMap<string, Float32Array>,
): Checkpoint['optimizer'] {
  const kinds = new Map<string, Map<string, Float32Array>>();
  for (const { name, values } of optimizer) {
    const [tensor, kind] = name.split('/');
    if (!tensor || !kind) continue;
    kinds.set(kind, (kinds.get(kind) ?? new Map<string, Float32Array>()).set(tensor, values));
  }
  const vectors = [...kinds].flatMap(([kind, memory]) =>
    [...grow(memory)].map(([tensor, values]) => ({ name: `${tensor}/${kind}`, shape: [values.length], values })),
  );
  return [...optimizer.filter(({ name }) => !name.includes('/')), ...vectors];
}

/** Returns the new index of each old feature of the head, within its channel's group. */
function headPlaces(before: PixelRnnSpec, after: PixelRnnSpec): number[] {
  const groups = featureGroups(before.head, before.channels);
  const [narrow, wide] = [before.head / before.channels, after.head / after.channels];
  return groups.map((group, i) => group * wide + (i - group * narrow));
}

function put(
  old: Float32Array | undefined,
  into: Float32Array,
  { name, shape }: TensorShape,
  places: readonly number[],
): Float32Array {
  if (!old) return into;
  if (old.length === into.length) return old;
  // Only the outputs of the head and the inputs of the following layer have grown.
  const columns = name === 'head.bias' ? 1 : (shape[1] as number);
  const byRow = name !== 'head.weight';
  const oldColumns = byRow ? columns : places.length;
  old.forEach((value, i) => {
    const [row, column] = [Math.floor(i / oldColumns), i % oldColumns];
    const at = byRow ? (places[row] as number) * columns + column : row * columns + (places[column] as number);
    into[at] = value;
  });
  return into;
}

const addsToStream = (name: string): boolean => /\.(expand|skip)\./.test(name);
const outputOfHead = (name: string): boolean => /^(softmax|output)\./.test(name);

function zeros({ shape }: TensorShape): Float32Array {
  return new Float32Array(elementCount(shape));
}
