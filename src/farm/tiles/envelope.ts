import type { Restoration } from '../../codec/container.js';
import type { SourceFile } from '../../codec/source-file.js';
import { encodeChecked, parseChecked } from './checked-file.js';

/** What the file of an image contains besides its tiles, so that it is assembled without decoding the source again. */
export interface Envelope {
  readonly metadata: readonly Uint8Array[];
  /** See `samplesDigest`. */
  readonly digest: Uint8Array;
  readonly restoration: Restoration | null;
  /** The source without its bytes; undefined if these are not to be restored. */
  readonly source: Omit<SourceFile, 'bytes'> | undefined;
  /** SHA-256 of the packed samples of each tile. */
  readonly bands: readonly string[];
}

interface Header extends Pick<Envelope, 'source' | 'bands'> {
  /** Extension of the source; null without a restoration. */
  readonly restores: string | null;
}

export function encodeEnvelope({ metadata, digest, restoration, source, bands }: Envelope): Uint8Array {
  const header: Header = { source, bands, restores: restoration && restoration.extension };
  const recipe = restoration ? [restoration.recipe, restoration.digest] : [];
  return encodeChecked({ header, payloads: [digest, ...recipe, ...metadata] });
}

/** Parses an envelope; null if it is damaged. */
export function parseEnvelope(bytes: Uint8Array): Envelope | null {
  const file = parseChecked<Header>(bytes);
  if (!file) return null;
  const { source, bands, restores } = file.header;
  const [digest, ...others] = file.payloads;
  if (!digest) return null;
  if (restores === null) return { source, bands, digest, restoration: null, metadata: others };
  const [recipe, sourceDigest, ...metadata] = others;
  if (!recipe || !sourceDigest) return null;
  return { source, bands, digest, restoration: { extension: restores, recipe, digest: sourceDigest }, metadata };
}
