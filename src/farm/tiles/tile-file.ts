import { payloadsOf, type TileChunk, type TilePart } from '../../codec/container-layout.js';
import { encodeChecked, parseChecked } from './checked-file.js';

/** A coded tile and the samples that it decodes to. */
export interface TileFile {
  readonly chunk: TileChunk;
  /** SHA-256 of the packed samples. */
  readonly samplesDigest: string;
}

interface PartHeader {
  readonly representation: TilePart['representation'];
  /** Number of payloads, the smaller scales first. */
  readonly count: number;
}

interface Header extends Omit<TileChunk, 'alpha' | 'colours'> {
  readonly alpha: PartHeader | null;
  readonly colours: PartHeader;
  readonly samplesDigest: string;
}

export function encodeTileFile({ chunk, samplesDigest }: TileFile): Uint8Array {
  const { alpha, colours, isGray, hiddenColour, samplesCrc } = chunk;
  const header: Header = {
    ...{ isGray, hiddenColour, samplesCrc, samplesDigest },
    ...{ alpha: alpha && partHeader(alpha), colours: partHeader(colours) },
  };
  return encodeChecked({ header, payloads: [...(alpha ? payloadsOf(alpha) : []), ...payloadsOf(colours)] });
}

/** Parses the file of a tile; null if it is damaged. */
export function parseTileFile(bytes: Uint8Array): TileFile | null {
  const file = parseChecked<Header>(bytes);
  if (!file) return null;
  const { header, payloads } = file;
  let at = 0;
  const partOf = ({ representation, count }: PartHeader): TilePart => {
    const all = payloads.slice(at, (at += count));
    const smaller = all.slice(0, -1);
    return { representation, payload: all.at(-1) ?? new Uint8Array(0), ...(smaller.length > 0 && { smaller }) };
  };
  const { isGray, hiddenColour, samplesCrc, samplesDigest } = header;
  const alpha = header.alpha && partOf(header.alpha);
  const colours = partOf(header.colours);
  return { chunk: { alpha, colours, isGray, hiddenColour, samplesCrc }, samplesDigest };
}

function partHeader(part: TilePart): PartHeader {
  return { representation: part.representation, count: payloadsOf(part).length };
}
