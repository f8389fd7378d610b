import { concatBytes } from '../bytes.js';
import { encodeVarint } from '../varint.js';
import { adler32 } from './adler32.js';
import { ByteCursor } from './byte-cursor.js';
import { ALL, OPTIMAL, hypothesesOf } from './hypotheses.js';
import { PackingCoder } from './packing-coder.js';
import { bestOf, type Encode } from './trials.js';
import { EVERYTHING, MAX_LENGTH, configure, readVision, visionBytes } from './vision.js';

/*
 * Descriptions of streams by the decisions of their encoder. First byte: bit 7, properties in bits 0 to 5 (bit 5: the
 * parser is optimal), and bit 6 if other bytes follow the stream. Then the header, what the encoder can see, and the
 * payload.
 */
const DECISIONS = 0x80;
const TRAILING = 0x40;
const PROPERTIES = 0x3f;

/** What `encode` returns if the encoder meets a match that it cannot see. */
const UNSEEN = -2;

/**
 * Returns the description of the stream that the coder has scanned and holds; null if it does not fit.
 * @param stream header, deflate stream and check
 * @param trailing bytes that follow it
 */
export function describeTokens(coder: PackingCoder, stream: Uint8Array, trailing: Uint8Array): Uint8Array | null {
  const { wasm } = coder;
  const length = stream.length - 6;
  const room = payloadRoom(stream);
  const encode: Encode = ({ vision, kind }, most, limit) => {
    configure(coder, wasm.properties() | kind, vision);
    wasm.forgetSurprises();
    let size = wasm.encode(length, limit, most);
    if (size === UNSEEN) {
      wasm.findSurprises(most);
      size = wasm.encode(length, limit, most);
    }
    return size < 0 ? limit : size;
  };
  let chosen = bestOf(hypothesesOf(coder), wasm.rawBytes(), room, encode);
  let payloadBytes = encode(chosen, ALL, room);
  if (payloadBytes >= room) {
    chosen = { vision: EVERYTHING, kind: chosen.kind };
    payloadBytes = encode(chosen, ALL, room);
  }
  if (payloadBytes >= room) return null;
  return concatBytes([
    Uint8Array.of(DECISIONS | wasm.properties() | chosen.kind | (trailing.length > 0 ? TRAILING : 0)),
    stream.subarray(0, 2),
    visionBytes(chosen.vision),
    Uint8Array.from(trailing.length > 0 ? encodeVarint(payloadBytes) : []),
    coder.read('payload', payloadBytes),
    trailing,
  ]);
}

/** Returns the bytes that a payload may need: more than that is no gain. */
export function payloadRoom(stream: Uint8Array): number {
  return 4096 + (stream.length >> 1);
}

/** Returns the parts of the stream, of at most `maxBytes`, or null. */
export async function rebuildFromTokens(
  description: Uint8Array,
  raw: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array[] | null> {
  const cursor = new ByteCursor(description);
  const first = cursor.byte();
  const header = cursor.take(2);
  const vision = readVision(cursor);
  const payload = (first & TRAILING) === 0 ? cursor.rest() : cursor.take(cursor.varint());
  const trailing = cursor.rest();
  const room = maxBytes - trailing.length - 6;
  const sparse = vision.wholeLength < MAX_LENGTH;
  if (cursor.failed || room < 0 || ((first & OPTIMAL) !== 0 && sparse)) return null;
  const coder = await PackingCoder.create();
  coder.prepare(raw, room, payload.length);
  coder.write('payload', payload);
  configure(coder, first & PROPERTIES, vision);
  const length = coder.wasm.decode(payload.length, room);
  return length < 0 ? null : [header, coder.view('stream', length), adler32(raw), trailing];
}
