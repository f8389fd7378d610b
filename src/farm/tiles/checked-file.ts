import { concatBytes, equalBytes } from '../../bytes.js';
import { sha256 } from '../../codec/check.js';

/*
 * The files that the jobs of an image exchange: the SHA-256 of the rest (32 bytes), the length of the header (4 bytes, big-endian), the header
 * as JSON, the payloads. Workers trust the target of a run, which also holds the results; the digest detects damage.
 */

const DIGEST_BYTES = 32;
const START = DIGEST_BYTES + 4;

/** A header and payloads. */
export interface CheckedFile<H> {
  readonly header: H;
  readonly payloads: readonly Uint8Array[];
}

interface Stored<H> {
  readonly header: H;
  readonly lengths: readonly number[];
}

export function encodeChecked<H>({ header, payloads }: CheckedFile<H>): Uint8Array {
  const stored: Stored<H> = { header, lengths: payloads.map(({ length }) => length) };
  const text = Buffer.from(JSON.stringify(stored));
  const length = Buffer.alloc(START - DIGEST_BYTES);
  length.writeUInt32BE(text.length);
  const rest = concatBytes([length, text, ...payloads]);
  return concatBytes([sha256(rest), rest]);
}

/** Returns the header and the payloads of a file; null if it is damaged. */
export function parseChecked<H>(bytes: Uint8Array): CheckedFile<H> | null {
  if (bytes.length < START || !equalBytes(sha256(bytes.subarray(DIGEST_BYTES)), bytes.subarray(0, DIGEST_BYTES))) {
    return null;
  }
  const end = START + Buffer.from(bytes.subarray(DIGEST_BYTES, START)).readUInt32BE();
  const { header, lengths } = JSON.parse(Buffer.from(bytes.subarray(START, end)).toString()) as Stored<H>;
  let at = end;
  return { header, payloads: lengths.map((length) => bytes.slice(at, (at += length))) };
}
