import type { TileLikelihood } from '../engine/engine.js';

/** What the models say of an image, or of a part of it: code lengths in bits. */
export interface ImageLikelihood extends TileLikelihood {
  /** Bits of what is coded without a model and for several channels together, so that it is in none of them. */
  readonly otherBits: number;
}

/** Likelihoods added up by channel, in their order, so that the sum never depends on which was known first. */
export function addLikelihoods(parts: readonly ImageLikelihood[], channels: number): ImageLikelihood {
  const sum = (key: keyof TileLikelihood): number[] =>
    Array.from({ length: channels }, (_, c) => parts.reduce((total, part) => total + (part[key][c] ?? 0), 0));
  return {
    codeLengthBits: sum('codeLengthBits'),
    modelCodeLengthBits: sum('modelCodeLengthBits'),
    otherBits: parts.reduce((total, { otherBits }) => total + otherBits, 0),
  };
}

/** That of a payload that no model made, for so many channels: there its own length is all that is known. */
export function likelihoodOfBytes(bytes: number, channels: number): ImageLikelihood {
  const bits = 8 * bytes;
  return channels === 1
    ? { codeLengthBits: [bits], modelCodeLengthBits: [bits], otherBits: 0 }
    : { codeLengthBits: [], modelCodeLengthBits: [], otherBits: bits };
}

/** The likelihood of an image out of those of its colour channels and of its alpha, which is its last channel. */
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
