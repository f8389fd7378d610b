import type { ChunkNote } from '../image/chunk-notes.js';
import type { JpegFigures } from './jpeg.js';
import type { Figures } from './measure.js';
import type { PeerSize } from './peers.js';
import type { Pictures } from './pictures.js';

interface CommonEntry {
  /** The unescaped file name; "-" for standard input. */
  readonly file: string;
  /** "PNG", "TIFF", ... */
  readonly format: string;
  /** Sizes in other codecs; empty unless requested. */
  readonly peers: readonly PeerSize[];
  /** null without `--html`, for images beyond the page's size limit, and for stored or unreadable JPEG files. */
  readonly pictures: Pictures | null;
}

/** An image whose samples are measured. */
export interface PixelsEntry extends CommonEntry {
  readonly kind: 'pixels';
  readonly figures: Figures;
  readonly chunks: readonly ChunkNote[];
}

/** A JPEG file whose coefficients are measured. */
export interface JpegEntry extends CommonEntry {
  readonly kind: 'jpeg';
  readonly figures: JpegFigures;
}

/** The figures of one file in a report. */
export type Entry = PixelsEntry | JpegEntry;

/** Returns the figures of the images whose samples are measured, in order. */
export function pixelsFigures(entries: readonly Entry[]): Figures[] {
  return entries.flatMap((entry) => (entry.kind === 'pixels' ? [entry.figures] : []));
}

/** Returns the figures of the JPEG files whose coefficients are measured, in order. */
export function jpegFigures(entries: readonly Entry[]): JpegFigures[] {
  return entries.flatMap((entry) => (entry.kind === 'jpeg' ? [entry.figures] : []));
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
export function channelBits({ channels, rates }: Figures) {
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
