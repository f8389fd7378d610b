import type { Model } from '../model/model.js';
import { scaleFactors } from '../model/multi-scale.js';
import { scaleModels } from '../model/scales.js';

/*
 * A multi-scale model codes images of several sizes, from the smallest on: that of a scale has every F-th pixel of the tile's
 * every F-th row, from its (0, 0) on, F being the product of the factors of the scales behind it. Any other model has one scale.
 */

export interface Scale {
  /** What codes it. */
  readonly model: Model;
  /** F: 1 at the last scale. */
  readonly factor: number;
}

/** The scales of a model from the smallest image on. */
export function scalesOf(model: Model): Scale[] {
  const { spec } = model;
  if (spec.architecture !== 'multi-scale') return [{ model, factor: 1 }];
  const factors = scaleFactors(spec);
  return scaleModels(model).map((network, i) => ({ model: network, factor: factors[i] as number }));
}

/** How many images smaller than the tile a model codes. */
export function smallerScales({ spec }: Model): number {
  return spec.architecture === 'multi-scale' ? spec.scales.length - 1 : 0;
}
