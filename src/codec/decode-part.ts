import type { SideInformation } from '../engine/engine.js';
import type { Coders } from '../engine/pool.js';
import { PixrnnError } from '../errors.js';
import { allocateSamples, type Channels, type Samples, unpackSamples } from '../samples.js';
import type { Size } from '../subsample.js';
import type { ActiveAlphabet } from './active-alphabet.js';
import { decodeScales } from './code-scales.js';
import { type ContainerHeader, payloadsOf, type PlainPart } from './container-layout.js';
import { type Models, usesSideInformation } from './models.js';
import type { TileWatch } from './tile-watch.js';

/** State shared by all tiles of an image. */
export interface TileDecoding {
  readonly header: ContainerHeader;
  readonly models: Models;
  readonly activeAlphabet: ActiveAlphabet | null;
  readonly pool: Coders;
}

/** Side information of a part, and samples that contain the known values. */
export interface KnownOfPart extends SideInformation {
  readonly samples?: Samples | undefined;
}

/** Returns the samples of channels that are coded plainly, [height][width][channels]. */
export async function decodePart(
  part: PlainPart,
  { width, height }: Size,
  channels: Channels,
  known: KnownOfPart,
  { header: { depth, effort }, models, pool }: TileDecoding,
  watch: TileWatch,
): Promise<Samples> {
  const { representation, payload } = part;
  const shape = { width, height, depth };
  switch (representation) {
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
      const { values, ...others } = known;
      const isSupported = usesSideInformation(model);
      if (known.samples && !isSupported) {
        throw new PixrnnError(
          'file-corrupt',
          'some of its samples are known, which its model does not support. Get the file again.',
        );
      }
      const toDecode = { model, ...shape, ...others, ...(isSupported && { values }) };
      return decodeScales(payloadsOf(part), toDecode, effort, pool, watch);
    }
  }
}
