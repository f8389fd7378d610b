import type { Model } from './model.js';
import { scalePrefix } from './multi-scale.js';

const made = new WeakMap<Model, readonly Model[]>();

/**
 * Returns the networks of a Multi-Scale model, from the smallest image to the whole one, each a separate model for the
 * engine; returns any other model alone. They are created once per model, and have the whole model's id, since files
 * reference that.
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
