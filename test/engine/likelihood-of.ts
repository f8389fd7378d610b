import type { TileLikelihood } from '#pixrnn/engine/engine.js';

/** The code lengths of a coded tile, without what else its result has. */
export function likelihoodOf({ codeLengthBits, modelCodeLengthBits }: TileLikelihood): TileLikelihood {
  return { codeLengthBits, modelCodeLengthBits };
}
