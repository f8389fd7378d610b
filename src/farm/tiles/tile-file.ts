import { concatBytes, equalBytes } from '../../bytes.js';
import { sha256 } from '../../codec/check.js';
import { payloadsOf, type TileChunk, type TilePart } from '../../codec/container-layout.js';
import type { CodedTile } from '../../codec/encode-tile.js';

/*
 * A coded tile as a file: the SHA-256 of the rest (32 bytes), the length of the header (4 bytes, big-endian), the header as JSON, the payloads.
 * Workers trust the target of a run, which also holds the results; the digest detects damage.
 */

const DIGEST_BYTES = 32;
const START = DIGEST_BYTES + 4;

/** A coded tile and the samples that it decodes to. */
export interface TileFile {
  readonly coded: CodedTile;
  /** SHA-256 of the packed samples. */
  readonly samplesDigest: string;
}

interface PartHeader {
  readonly representation: TilePart['representation'];
  /** Lengths of the payloads, the smaller scales first. */
  readonly lengths: readonly number[];
}

interface Header extends Omit<TileChunk, 'alpha' | 'colours'> {
  readonly alpha: PartHeader | null;
  readonly colours: PartHeader;
  readonly likelihood: CodedTile['likelihood'];
  readonly samplesDigest: string;
}

export function encodeTileFile({ coded: { chunk, likelihood }, samplesDigest }: TileFile): Uint8Array {
  const { alpha, colours, isGray, hiddenColour, samplesCrc } = chunk;
  const header: Header = {
    ...{ isGray, hiddenColour, samplesCrc, likelihood, samplesDigest },
    ...{ alpha: alpha && partHeader(alpha), colours: partHeader(colours) },
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(START - DIGEST_BYTES);
  length.writeUInt32BE(text.length);
  const rest = concatBytes([length, text, ...(alpha ? payloadsOf(alpha) : []), ...payloadsOf(colours)]);
  return concatBytes([sha256(rest), rest]);
}

/** Parses the file of a tile; null if it is damaged. */
export function parseTileFile(bytes: Uint8Array): TileFile | null {
  if (bytes.length < START || !equalBytes(sha256(bytes.subarray(DIGEST_BYTES)), bytes.subarray(0, DIGEST_BYTES))) {
    return null;
  }
  const end = START + Buffer.from(bytes.subarray(DIGEST_BYTES, START)).readUInt32BE();
  const header = JSON.parse(Buffer.from(bytes.subarray(START, end)).toString()) as Header;
  let at = end;
  const partOf = ({ representation, lengths }: PartHeader): TilePart => {
    const all = lengths.map((length) => bytes.slice(at, (at += length)));
    const smaller = all.slice(0, -1);
    return { representation, payload: all.at(-1) ?? new Uint8Array(0), ...(smaller.length > 0 && { smaller }) };
  };
  const { isGray, hiddenColour, samplesCrc, likelihood, samplesDigest } = header;
  const alpha = header.alpha && partOf(header.alpha);
  const colours = partOf(header.colours);
  return { coded: { chunk: { alpha, colours, isGray, hiddenColour, samplesCrc }, likelihood }, samplesDigest };
}

function partHeader(part: TilePart): PartHeader {
  return { representation: part.representation, lengths: payloadsOf(part).map(({ length }) => length) };
}
