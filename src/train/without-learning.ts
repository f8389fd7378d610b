import { architectureOf, parseSpec } from '../model/architectures.js';
import { type Model, createModel } from '../model/model.js';
import { elementCount } from '../model/tensor-shape.js';

/** So far beyond the largest activation (64) that these features stay at it, whatever their layer learns. */
const BEYOND_CLIPPING = 2 ** 20;
/** Of these weights, and how much larger the gradient of the two features is than that of others. */
const HUGE = 2 ** 40;

/**
 * Returns a photo model whose weights do not change while coding, for images so small that learning in them costs more
 * than it gains. The format has no switch for it (docs/format/photo.md, "Learning"); this is a last block that does the
 * same. Two of its inner features are constant, and their weights +HUGE and -HUGE cancel exactly, as sums of integers
 * do: the block adds nothing. But the gradient of these features is so large that after clipping the gradient's norm,
 * over all weights, nothing is left of the others.
 * @throws RangeError if it is no photo model, or has a mixer's start state
 */
export function withoutLearning({ name, spec, tensors, mixer, notes }: Model): Model {
  if (spec.architecture !== 'photo') throw new RangeError('Only photo models learn while coding.');
  if (mixer) throw new RangeError('Stop the learning before the mixer is trained, which depends on it.');
  const more = parseSpec({ ...spec, blocks: spec.blocks + 1, learning: 'last' });
  const last = `block.${spec.blocks}`;
  const all = architectureOf(more.architecture)
    .shapes(more)
    .map(({ name: tensor, shape }) => {
      const values = tensors.get(tensor) ?? new Float32Array(elementCount(shape));
      if (tensor === `${last}.conv.bias`) values.fill(BEYOND_CLIPPING, 0, 2);
      if (tensor === `${last}.pointwise.weight`) [values[0], values[spec.features]] = [HUGE, -HUGE];
      return [tensor, values] as const;
    });
  return createModel(name, more, new Map(all), notes);
}

/** Returns the model without such a last block, to be trained on; any other model is returned as it is. */
export function withLearning(model: Model): Model {
  const { name, spec, tensors, notes } = model;
  if (spec.architecture !== 'photo') return model;
  const blocks = spec.blocks - 1;
  if (tensors.get(`block.${blocks}.pointwise.weight`)?.[0] !== HUGE) return model;
  const others = [...tensors].filter(([tensor]) => !tensor.startsWith(`block.${blocks}.`));
  return createModel(name, { ...spec, blocks }, new Map(others), notes);
}
