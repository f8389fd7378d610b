import type { TileLikelihood } from '../engine/engine.js';

/** Code lengths of an image, or of a part of it, in bits. */
export interface ImageLikelihood extends TileLikelihood {
  /** Bits that belong to no single channel: of channels coded together without a model, or as luma and chroma. */
  readonly otherBits: number;
}

/** Sums likelihoods by channel, in the given order, so that the floating-point sum does not depend on the threads. */
export function addLikelihoods(parts: readonly ImageLikelihood[], channels: number): ImageLikelihood {
  const sum = (key: keyof TileLikelihood): number[] =>
    Array.from({ length: channels }, (_, c) => parts.reduce((total, part) => total + (part[key][c] ?? 0), 0));
  return {
    codeLengthBits: sum('codeLengthBits'),
    modelCodeLengthBits: sum('modelCodeLengthBits'),
    otherBits: parts.reduce((total, { otherBits }) => total + otherBits, 0),
  };
}

/** Returns the likelihood of a payload coded without a model: only its length is known. */
export function likelihoodOfBytes(bytes: number, channels: number): ImageLikelihood {
  const bits = 8 * bytes;
  return channels === 1
    ? { codeLengthBits: [bits], modelCodeLengthBits: [bits], otherBits: 0 }
    : { codeLengthBits: [], modelCodeLengthBits: [], otherBits: bits };
}

/** Combines the likelihoods of the colour channels and of alpha, which is the last channel. */
export function withAlphaLast(
  colours: ImageLikelihood,
  alpha: ImageLikelihood,
  colourChannels: number,
): ImageLikelihood {
  const join = (key: keyof TileLikelihood): number[] => [
    ...Array.from({ length: colourChannels }, (_, c) => colours[key][c] ?? 0),
    alpha[key][0] ?? 0,
  ];
  return {
    codeLengthBits: join('codeLengthBits'),
    modelCodeLengthBits: join('modelCodeLengthBits'),
    otherBits: colours.otherBits + alpha.otherBits,
  };
}
