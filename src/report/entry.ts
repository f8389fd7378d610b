import type { ChunkNote } from '../image/chunk-notes.js';
import type { Figures } from './measure.js';
import type { PeerSize } from './peers.js';
import type { Pictures } from './pictures.js';

/** The figures of one image in a report. */
export interface Entry {
  /** The unescaped file name; "-" for standard input. */
  readonly file: string;
  /** "PNG", "TIFF", ... */
  readonly format: string;
  readonly figures: Figures;
  /** Sizes in other codecs; empty unless requested. */
  readonly peers: readonly PeerSize[];
  readonly chunks: readonly ChunkNote[];
  /** null without `--html`, and for images beyond the page's size limit. */
  readonly pictures: Pictures | null;
}

/** Returns the names of the codecs that the entries are compared with, in order. */
export function peerNames(entries: readonly Entry[]): string[] {
  return [...new Set(entries.flatMap(({ peers }) => peers.map(({ name }) => name)))];
}

/** Returns the size of an image in a codec, in bytes; null if the codec does not support it. */
export function peerBytes({ peers }: Entry, name: string): number | null {
  return peers.find((peer) => peer.name === name)?.bytes ?? null;
}

/** Returns the bits per pixel of each channel; undefined if the image has no such channel or codes it together with others. */
export function channelBits({ figures: { channels, rates } }: Entry) {
  const perChannel = rates.perChannel.map((bits) => (bits === 0 && rates.other > 0 ? undefined : bits));
  const isColour = channels >= 3;
  return {
    gray: isColour ? undefined : perChannel[0],
    red: isColour ? perChannel[0] : undefined,
    green: isColour ? perChannel[1] : undefined,
    blue: isColour ? perChannel[2] : undefined,
    alpha: channels % 2 === 0 ? perChannel[channels - 1] : undefined,
  };
}

/** Returns the code length in bits by the models' likelihood, plus the bits of what is coded without a model. */
export function likelihoodBits({ mixedBits, otherBits }: Figures): number {
  return mixedBits.reduce((sum, bits) => sum + bits, otherBits);
}
