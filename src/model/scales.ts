import type { Model } from './model.js';
import { scalePrefix } from './multi-scale.js';

const made = new WeakMap<Model, readonly Model[]>();

/**
 * The networks of a Multi-Scale model from the smallest image to the whole one, each a model of its own to the engine; any
 * other model alone. They are made once for a model. What is coded with one of them is named by the whole model's id, which
 * they therefore bear.
 */
export function scaleModels(model: Model): readonly Model[] {
  const found = made.get(model);
  if (found) return found;
  const scales = scalesOf(model);
  made.set(model, scales);
  return scales;
}

function scalesOf(model: Model): readonly Model[] {
  const { id, name, spec, tensors } = model;
  if (spec.architecture !== 'multi-scale') return [model];
  return spec.scales.map((scale, i) => {
    const prefix = scalePrefix(i);
    const own = [...tensors].filter(([tensor]) => tensor.startsWith(prefix));
    return {
      id,
      name: `${name}, scale ${i}`,
      spec: scale,
      tensors: new Map(own.map(([tensor, values]) => [tensor.slice(prefix.length), values])),
      mixer: null,
      notes: {},
    };
  });
}
