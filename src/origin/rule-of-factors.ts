import { type ColourRule, offsets } from './colour-rule.js';

/** What chroma less 128 adds to R, G and B, per unit. */
export interface ChromaFactors {
  /** Of second chroma in R, and of first chroma in B. */
  readonly red: number;
  readonly blue: number;
  readonly greenOfFirst: number;
  readonly greenOfSecond: number;
}

/** A rule whose channels are sums of products with chroma. */
export interface FactorRule {
  readonly factors: ChromaFactors;
  readonly scale: number;
  readonly lumaStep: number;
  /** Added to every channel, times `scale`. */
  readonly base: number;
  /** Returns the product of a factor and a chroma value less 128, times `scale`, as an integer; default: exact. */
  readonly product?: (factor: number, chroma: number) => number;
}

/** Returns the rule `channel = clip(floor((lumaStep * luma + base + products) / scale))`. */
export function ruleOfFactors(rule: FactorRule): ColourRule {
  const { factors, scale, lumaStep, base, product = (factor, chroma) => scale * factor * chroma } = rule;
  const { red, blue, greenOfFirst, greenOfSecond } = factors;
  return {
    ...{ scale, lumaStep },
    red: offsets((second) => base + product(red, second - 128)),
    blue: offsets((first) => base + product(blue, first - 128)),
    greenOfFirst: offsets((first) => base + product(greenOfFirst, first - 128)),
    greenOfSecond: offsets((second) => product(greenOfSecond, second - 128)),
    chromaOf: chromaByFactors(factors),
  };
}

/** Returns the inverse of a rule with these factors, without its rounding. */
export function chromaByFactors(factors: ChromaFactors): ColourRule['chromaOf'] {
  const { red, blue, greenOfFirst, greenOfSecond } = factors;
  // r = gray + red * second and b = gray + blue * first, and g is a sum over both: solved for gray.
  const weight = red * blue - greenOfFirst * red - greenOfSecond * blue;
  return (r, g, b) => {
    const gray = (red * blue * g - greenOfFirst * red * b - greenOfSecond * blue * r) / weight;
    return [128 + (b - gray) / blue, 128 + (r - gray) / red];
  };
}
