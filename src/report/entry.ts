import type { ChunkNote } from '../image/chunk-notes.js';
import type { Figures } from './measure.js';
import type { PeerSize } from './peers.js';
import type { Pictures } from './pictures.js';

/** All that a report tells of an image. */
export interface Entry {
  /** The file's name, whatever characters it has; "-" for standard input. */
  readonly file: string;
  /** "PNG", "TIFF", ... */
  readonly format: string;
  readonly figures: Figures;
  /** What other codecs make of it; empty where that was not asked for. */
  readonly peers: readonly PeerSize[];
  readonly chunks: readonly ChunkNote[];
  /** Null where no page is made, or where it holds as many as it may. */
  readonly pictures: Pictures | null;
}

/** The names of the codecs that the entries are compared with, in their order. */
export function peerNames(entries: readonly Entry[]): string[] {
  return [...new Set(entries.flatMap(({ peers }) => peers.map(({ name }) => name)))];
}

/** Bytes that a codec made of an image; null where it made none. */
export function peerBytes({ peers }: Entry, name: string): number | null {
  return peers.find((peer) => peer.name === name)?.bytes ?? null;
}

/** R, G, B or gray, and alpha, in bits a pixel by what they are; undefined where an image has no such channel, or only together with others. */
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

/** Code length in bits by the models' likelihood, with what is coded without them. */
export function likelihoodBits({ mixedBits, otherBits }: Figures): number {
  return mixedBits.reduce((sum, bits) => sum + bits, otherBits);
}
