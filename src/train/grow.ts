import type { PixelRnnSpec } from '../model/pixelrnn/spec.js';
import { pixelRnnShapes } from '../model/pixelrnn/tensors.js';
import { featureGroups } from '../model/masks.js';
import type { TensorShape } from '../model/architecture.js';
import { elementCount } from '../model/tensor-shape.js';
import { initialWeights } from './networks/initial-weights.js';
import type { Checkpoint } from './checkpoint.js';
import { Random } from './random.js';

/**
 * A checkpoint of one of the paper's networks with more layers and a wider head, in place of its own spec's, that computes
 * what it did (Chen, Goodfellow and Shlens 2016): what new layers add to the residual stream, and what the head's new features
 * add to the output, is zero until training moves it. New weights are drawn with the step as their seed.
 * @param spec that of the checkpoint, with residual connections, but for `blocks` and `head`, neither of them smaller
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
  /** What was there stays where it belongs; the rest is that of `rest`. */
  const moved = (old: ReadonlyMap<string, Float32Array>, rest: (tensor: TensorShape) => Float32Array) =>
    new Map(shapes.map((tensor) => [tensor.name, put(old.get(tensor.name), rest(tensor), tensor, places)] as const));
  const drawn = ({ name }: TensorShape): Float32Array => Float32Array.from(fresh.get(name) ?? []);
  return {
    ...start,
    spec,
    weights: moved(start.weights, drawn),
    optimizer: grownMemories(start.optimizer, (memory) => moved(memory, zeros)),
    average: start.average && { ...start.average, means: moved(start.average.means, drawn) },
  };
}

/** The optimizer's numbers, and its vectors of each kind as `move` makes them. */
function grownMemories(
  optimizer: Checkpoint['optimizer'],
  move: (memory: ReadonlyMap<string, Float32Array>) => ReadonlyMap<string, Float32Array>,
): Checkpoint['optimizer'] {
  const kinds = new Map<string, Map<string, Float32Array>>();
  for (const { name, values } of optimizer) {
    const [tensor, kind] = name.split('/');
    if (!tensor || !kind) continue;
    kinds.set(kind, (kinds.get(kind) ?? new Map<string, Float32Array>()).set(tensor, values));
  }
  const vectors = [...kinds].flatMap(([kind, memory]) =>
    [...move(memory)].map(([tensor, values]) => ({ name: `${tensor}/${kind}`, shape: [values.length], values })),
  );
  return [...optimizer.filter(({ name }) => !name.includes('/')), ...vectors];
}

/** Where the head's features of before are among those of now: in their channel's group. */
function headPlaces(before: PixelRnnSpec, now: PixelRnnSpec): number[] {
  const groups = featureGroups(before.head, before.channels);
  const [narrow, wide] = [before.head / before.channels, now.head / now.channels];
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
  // Only the head's outputs and the inputs of the layer behind it have become more.
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
