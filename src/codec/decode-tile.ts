import type { Channels, Samples } from '../samples.js';
import { hiddenPixels, joinAlpha, withHiddenColour } from './alpha.js';
import { colourChannels, isPlain, type TileChunk, type TilePart } from './container-layout.js';
import { decodeOrigin } from './decode-origin.js';
import { decodePart, type KnownOfPart, type TileDecoding } from './decode-part.js';
import { rgbFromGray } from './gray.js';
import { decodeOriginPayload } from './origin-payload.js';
import type { Tile } from './tile-grid.js';
import { type TileWatch, withoutRows } from './tile-watch.js';

export type { TileDecoding } from './decode-part.js';

/** Returns the samples of a tile, [height][width][channels]. */
export async function decodeTile(
  chunk: TileChunk,
  tile: Tile,
  decoding: TileDecoding,
  watch: TileWatch,
): Promise<Samples> {
  const { channels, depth } = decoding.header;
  const decode = (part: TilePart, count: Channels, known: KnownOfPart, to: TileWatch): Promise<Samples> =>
    isPlain(part)
      ? decodePart(part, tile, count, known, decoding, to)
      : decodeOrigin(decodeOriginPayload(part.payload), tile, decoding, to);
  const alpha =
    chunk.alpha && (await decode(chunk.alpha, 1, alphabetOf(decoding, channels - 1, 1), withoutRows(watch)));
  const count = colourChannels(channels, chunk);
  const hidden = alpha && chunk.hiddenColour !== null ? knownPixels(alpha, chunk.hiddenColour, depth) : {};
  const samplesOf = (coded: Samples, firstRow: number): Samples => {
    const colours = chunk.isGray ? rgbFromGray(coded, depth) : coded;
    if (!alpha) return colours;
    const first = firstRow * tile.width;
    return joinAlpha(alpha.subarray(first, first + coded.length / count), colours, depth);
  };
  const { onSamples } = watch;
  const coded = await decode(
    chunk.colours,
    count,
    { ...alphabetOf(decoding, 0, count), ...hidden },
    { ...watch, onSamples: onSamples && ((row, rows) => onSamples(row, samplesOf(rows, row))) },
  );
  watch.onRows(tile.height);
  return samplesOf(coded, 0);
}

function alphabetOf({ activeAlphabet }: TileDecoding, firstChannel: number, count: number): KnownOfPart {
  return { values: activeAlphabet?.bitmaps.slice(firstChannel, firstChannel + count) };
}

function knownPixels(alpha: Samples, colour: readonly number[], depth: TileDecoding['header']['depth']): KnownOfPart {
  const known = hiddenPixels(alpha);
  return { known, samples: withHiddenColour(known, colour, depth) };
}
