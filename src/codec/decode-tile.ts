import type { Coders } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import { type Channels, type Samples, allocateSamples, unpackSamples } from '../samples.js';
import { hiddenPixels, joinAlpha, withHiddenColour } from './alpha.js';
import { decodeScales } from './code-scales.js';
import type { ContainerHeader, TileChunk, TilePart } from './container.js';
import { colourChannels, payloadsOf } from './container-layout.js';
import { samplesOfPlanes, sumOf } from '../origin/planes.js';
import { runConcurrently } from '../semaphore.js';
import type { Size } from '../subsample.js';
import { rgbFromGray } from './gray.js';
import { type Models, usesSideInformation } from './models.js';
import { decodeBlocks } from './decode-blocks.js';
import { decodeOriginPayload, type OriginPart } from './origin-payload.js';
import { planeSizes, type PlanesPart } from './planes-payload.js';
import type { Tile } from './tile-grid.js';
import { sideInformationFor } from './tile-parts.js';
import { type TileWatch, withoutRows } from './tile-watch.js';
import type { ActiveAlphabet } from './active-alphabet.js';

/** State shared by all tiles of an image. */
export interface TileDecoding {
  readonly header: ContainerHeader;
  readonly models: Models;
  readonly activeAlphabet: ActiveAlphabet | null;
  readonly pool: Coders;
}

/** Side information of a part. */
interface KnownPart {
  readonly values: readonly Uint8Array[] | undefined;
  /** The mask of known pixels, and samples that contain their values. */
  readonly pixels?: { readonly known: Uint8Array; readonly samples: Samples } | undefined;
}

/** Returns the samples of a tile, [height][width][channels]. */
export async function decodeTile(
  chunk: TileChunk,
  tile: Tile,
  decoding: TileDecoding,
  watch: TileWatch,
): Promise<Samples> {
  const { channels, depth } = decoding.header;
  const alpha =
    chunk.alpha &&
    (await decodePart(chunk.alpha, tile, 1, knownOf(decoding, channels - 1, 1), decoding, withoutRows(watch)));
  const count = colourChannels(channels, chunk);
  const pixels = alpha && chunk.hiddenColour !== null ? knownPixels(alpha, chunk.hiddenColour, depth) : undefined;
  const known = { ...knownOf(decoding, 0, count), pixels };
  const coded = await decodePart(chunk.colours, tile, count, known, decoding, watch);
  const colours = chunk.isGray ? rgbFromGray(coded, depth) : coded;
  watch.onRows(tile.height);
  return alpha ? joinAlpha(alpha, colours, depth) : colours;
}

function knownOf({ activeAlphabet }: TileDecoding, firstChannel: number, count: number): KnownPart {
  return { values: activeAlphabet?.bitmaps.slice(firstChannel, firstChannel + count) };
}

function knownPixels(alpha: Samples, colour: readonly number[], depth: ContainerHeader['depth']) {
  const known = hiddenPixels(alpha);
  return { known, samples: withHiddenColour(known, colour, depth) };
}

async function decodePart(
  part: TilePart,
  size: Size,
  channels: Channels,
  { values, pixels }: KnownPart,
  decoding: TileDecoding,
  watch: TileWatch,
): Promise<Samples> {
  const { width, height } = size;
  const { representation, payload } = part;
  const {
    header: { depth, effort },
    models,
    pool,
  } = decoding;
  const shape = { width, height, depth };
  switch (representation) {
    case 'planes':
      return decodeOrigin(decodeOriginPayload(payload), size, decoding, watch);
    case 'raw': {
      const samples = allocateSamples(width * height * channels, depth);
      unpackSamples(payload, 0, depth, samples);
      return samples;
    }
    case 'palette':
      return pool.runPlain(
        () => ({ kind: 'decode-palette', payload: payload.slice(), shape: { ...shape, channels } }),
        { signal: watch.signal },
      );
    case 'model': {
      const model = channels === 1 ? models.gray : models.rgb;
      if (!model) throw new Error('a tile needs a model');
      if (pixels && !usesSideInformation(model)) {
        throw new PixrnnError(
          'file-corrupt',
          'it has a hidden colour, which its model does not support. Get the file again.',
        );
      }
      const known = { ...sideInformationFor(model, values, pixels?.known), samples: pixels?.samples };
      return decodeScales(payloadsOf(part), { model, ...shape, ...known }, effort, pool, watch);
    }
  }
}

async function decodeOrigin(part: OriginPart, size: Size, decoding: TileDecoding, watch: TileWatch): Promise<Samples> {
  if ('planes' in part) return decodePlanes(part, size, decoding, watch);
  const { exceptions } = part;
  const samples = await decodeBlocks(part, size, decoding.pool, watch);
  if (exceptions === null) return samples;
  const channels = part.origin === null ? 1 : 3;
  const difference = await decodePart(exceptions, size, channels, { values: undefined }, decoding, withoutRows(watch));
  return sumOf(samples, Uint8Array.from(difference));
}

/** Returns the samples of R, G and B that follow from their luma and chroma, with the exceptions. */
async function decodePlanes(
  { origin, phase, planes, exceptions }: PlanesPart,
  size: Size,
  decoding: TileDecoding,
  watch: TileWatch,
): Promise<Samples> {
  const sizes = planeSizes({ origin, phase }, size);
  const parts = [...planes, ...(exceptions ? [exceptions] : [])];
  const decoded = await runConcurrently(
    parts.map((part, i) => async (signal: AbortSignal) => {
      const [partSize, channels] = i < planes.length ? ([sizes[i]!, 1] as const) : ([size, 3] as const);
      const to = { ...(i === 0 ? watch : withoutRows(watch)), signal };
      return Uint8Array.from(await decodePart(part, partSize, channels, { values: undefined }, decoding, to));
    }),
    Infinity,
    watch.signal,
  );
  const [luma, first, second, difference] = decoded;
  const image = { origin, phase, planes: { luma: luma!, chroma: [first!, second!] as const } };
  const samples = samplesOfPlanes(image, size.width, size.height);
  return difference ? sumOf(samples, difference) : samples;
}
