import type { Model } from '../model/model.js';
import { scaleFactors } from '../model/multi-scale.js';
import { scaleModels } from '../model/scales.js';

/*
 * A multi-scale model codes images of increasing size. The image of a scale has every F-th pixel of every F-th row of
 * the tile, starting at (0, 0), where F is the product of the factors of all later scales. Other models have one scale.
 */

export interface Scale {
  /** The network of this scale. */
  readonly model: Model;
  /** F; 1 for the last scale. */
  readonly factor: number;
}

/** Returns the scales of a model, from the smallest image. */
export function scalesOf(model: Model): Scale[] {
  const { spec } = model;
  if (spec.architecture !== 'multi-scale') return [{ model, factor: 1 }];
  const factors = scaleFactors(spec);
  return scaleModels(model).map((network, i) => ({ model: network, factor: factors[i] as number }));
}

/** Returns the number of scales smaller than the tile. */
export function smallerScales({ spec }: Model): number {
  return spec.architecture === 'multi-scale' ? spec.scales.length - 1 : 0;
}
