import { concatBytes } from '../bytes.js';
import { encodeVarint } from '../varint.js';
import { adler32 } from './adler32.js';
import { ByteCursor } from './byte-cursor.js';
import { PackingCoder } from './packing-coder.js';

/*
 * Descriptions of streams by the decisions of their encoder. First byte: bit 7, properties in bits 0 to 5 (bit 5: the
 * parser is optimal), and bit 6 if other bytes follow the stream. Then the header, what the encoder can see, and the
 * payload.
 */
const DECISIONS = 0x80;
const TRAILING = 0x40;
const OPTIMAL = 0x20;
const PROPERTIES = 0x3f;

/** Codes follow their tokens unless a block has more tokens than this: they are kept until then. */
const MAX_BUFFERED = 2 ** 20;
/** Bytes of the data on which the two kinds of parsers are tried. */
const TRIAL_BYTES = 2 ** 16;
const MAX_LENGTH = 258;
const MAX_TRIAL_BYTES = 2 ** 18;
/** Trials of large data go on for longer while a description has only a few bytes. */
const LARGE_BYTES = 2 ** 21;
const LONG_TRIAL_BYTES = 2 ** 20;
const FEW_BYTES = 600;
/** The smallest description is clearly smaller than the next one, or hardly. */
const CLEAR = 1.15;
const CLEAR_BYTES = 150;
const NEARLY = 1.003;
const ALL = 0x7fffffff;
/** Steps that stand for a tree of depth 1. */
const FAR = 1024;
/** Depth and good length of trees: libdeflate's levels 10, 11 and 12, and of encoders that see everything. */
const TREES = [
  [35, 75],
  [100, 150],
  [300, MAX_LENGTH],
] as const;
/** More than these are a sign that the positions that an encoder inserts are others. */
const MANY_SURPRISES = 4096;
const ANY_LENGTH = 255;
const MAX_STEPS = 4096;
const MAX_STEPS_3 = 63;
const HASHES = 11;
/** A bit of the rules: only runs of equal pixels are matches. */
const RUNS = 0x80;
const MAX_ROW_BYTES = 2 ** 30;
/** What every encoder can see: the description of one that sees less than it uses. */
const EVERYTHING: Vision = {
  minLength: 3,
  maxDistance: 2 ** 15,
  maxSteps: MAX_STEPS,
  maxSteps3: MAX_STEPS,
  hash: 0,
  niceLength: MAX_LENGTH,
  wholeLength: MAX_LENGTH,
  headPositions: 0,
  tailPositions: 0,
  rules: 0,
  runBytes: 0,
};

/** What an encoder can see (assembly/packing/vision.ts). */
interface Vision {
  readonly minLength: number;
  readonly maxDistance: number;
  readonly maxSteps: number;
  readonly maxSteps3: number;
  /** Which hash it uses (assembly/packing/hashes.ts). */
  readonly hash: number;
  readonly niceLength: number;
  readonly wholeLength: number;
  readonly headPositions: number;
  readonly tailPositions: number;
  /** What it does not search (assembly/packing/rules.ts). */
  readonly rules: number;
  /** Bytes of a row if its only matches are runs of equal pixels, 0 otherwise; maxDistance is a pixel. */
  readonly runBytes: number;
}

/** How an encoder may work: what it sees, and whether its parser is optimal. */
interface Hypothesis {
  readonly vision: Vision;
  readonly kind: typeof OPTIMAL | 0;
}

/**
 * Returns the description of the stream that the coder has scanned and holds; null if it does not fit.
 * @param stream header, deflate stream and check
 * @param trailing bytes that follow it
 */
export function describeTokens(coder: PackingCoder, stream: Uint8Array, trailing: Uint8Array): Uint8Array | null {
  const { wasm } = coder;
  const length = stream.length - 6;
  const room = payloadRoom(stream);
  const encode = ({ vision, kind }: Hypothesis, most: number): number => {
    configure(coder, wasm.properties() | kind, vision);
    wasm.forgetSurprises();
    let size = wasm.encode(length, room, most);
    if (size < 0) {
      wasm.findSurprises(length, most);
      size = wasm.encode(length, room, most);
    }
    return size < 0 ? room : size;
  };
  let chosen = bestOf(hypothesesOf(coder, length), wasm.rawBytes(), encode);
  let payloadBytes = encode(chosen, ALL);
  if (payloadBytes >= room) {
    chosen = { vision: EVERYTHING, kind: chosen.kind };
    payloadBytes = encode(chosen, ALL);
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

/** Returns how the encoder may work, from what the scan found. */
function hypothesesOf(coder: PackingCoder, length: number): Hypothesis[] {
  const { wasm } = coder;
  let vision = visionOf(coder);
  if (vision.rules === 0 && vision.wholeLength < MAX_LENGTH) {
    configure(coder, wasm.properties(), vision);
    if (wasm.findSurprises(length, ALL) <= MANY_SURPRISES) return [{ vision, kind: 0 }];
    wasm.scanAll(length);
    vision = visionOf(coder);
  }
  if (vision.rules !== 0 || wasm.matchCount() === 0) return [{ vision, kind: 0 }];
  const kinds = wasm.maxTokens() > MAX_BUFFERED ? ([OPTIMAL] as const) : ([0, OPTIMAL] as const);
  const measured = kinds.map((kind) => ({ vision, kind }));
  if (vision.maxDistance <= MAX_LENGTH) return measured;
  const trees = TREES.map(
    ([depth, niceLength]) =>
      ({
        vision: { ...vision, hash: 0, maxSteps: FAR + depth - 1, maxSteps3: MAX_STEPS, niceLength },
        kind: OPTIMAL,
      }) as const,
  );
  return [...measured, ...trees];
}

/** Returns the hypothesis with the smallest description of a part of the data, and of more if another one is near. */
function bestOf(
  hypotheses: Hypothesis[],
  rawBytes: number,
  encode: (hypothesis: Hypothesis, most: number) => number,
): Hypothesis {
  let left = hypotheses.map((hypothesis) => ({ hypothesis, size: 0 }));
  for (let most = TRIAL_BYTES; left.length > 1; most *= 4) {
    const sized = left.map(({ hypothesis }) => ({ hypothesis, size: encode(hypothesis, most) }));
    const [first, second] = sized.sort((a, b) => a.size - b.size);
    const clear =
      second!.size > CLEAR * first!.size + CLEAR_BYTES ||
      (first!.size > CLEAR_BYTES && second!.size <= NEARLY * first!.size);
    const enough = first!.size < FEW_BYTES && rawBytes > LARGE_BYTES ? LONG_TRIAL_BYTES : MAX_TRIAL_BYTES;
    left = sized.slice(0, clear || most >= Math.min(rawBytes, enough) ? 1 : 2 + Number(most === TRIAL_BYTES));
  }
  return left[0]!.hypothesis;
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

function configure({ wasm }: PackingCoder, properties: number, vision: Vision): void {
  wasm.setProperties(properties);
  const { minLength, maxDistance, maxSteps, maxSteps3, niceLength, hash } = vision;
  wasm.setRules(vision.rules);
  wasm.setRuns(vision.runBytes > 0 ? maxDistance : 0, Math.max(1, vision.runBytes));
  wasm.setVision(minLength, maxDistance, maxSteps, maxSteps3, niceLength, hash);
  wasm.setInsertion(vision.wholeLength, vision.headPositions, vision.tailPositions);
}

function visionOf({ wasm }: PackingCoder): Vision {
  const niceLength = wasm.niceLength();
  return {
    minLength: wasm.minLength(),
    maxDistance: wasm.maxDistance(),
    maxSteps: Math.max(1, wasm.maxSteps()),
    maxSteps3: stepsOfThree(Math.min(MAX_STEPS_3, wasm.maxSteps3())),
    hash: wasm.hashOf(),
    niceLength: niceLength > ANY_LENGTH ? MAX_LENGTH : niceLength,
    wholeLength: wasm.wholeLength(),
    headPositions: wasm.headPositions(),
    tailPositions: wasm.tailPositions(),
    rules: wasm.rules(),
    runBytes: wasm.runBytes(),
  };
}

function visionBytes(vision: Vision): Uint8Array {
  const { maxDistance, maxSteps, maxSteps3, niceLength, hash, wholeLength, headPositions, tailPositions } = vision;
  return Uint8Array.of(
    vision.minLength - 3,
    (maxDistance - 1) >> 8,
    maxDistance - 1,
    maxSteps >> 8,
    maxSteps,
    Math.min(MAX_STEPS_3, maxSteps3),
    hash,
    Math.min(niceLength, ANY_LENGTH + 1) - 1,
    wholeLength < MAX_LENGTH ? (wholeLength << 4) | (headPositions << 2) | tailPositions : 0,
    vision.rules | (vision.runBytes > 0 ? RUNS : 0),
    ...(vision.runBytes > 0 ? encodeVarint(vision.runBytes) : []),
  );
}

/** Returns the steps along chains of three bytes; the largest number that is stored stands for all. */
function stepsOfThree(stored: number): number {
  return stored >= MAX_STEPS_3 ? MAX_STEPS : stored;
}

function readVision(cursor: ByteCursor): Vision {
  const minLength = cursor.byte() + 3;
  const maxDistance = cursor.word() + 1;
  const maxSteps = Math.min(MAX_STEPS, cursor.word());
  const steps3 = cursor.byte();
  const hash = cursor.byte();
  const niceLength = cursor.byte() + 1;
  const insertion = cursor.byte();
  const rules = cursor.byte();
  const runBytes = (rules & RUNS) === 0 ? 0 : Math.min(MAX_ROW_BYTES, cursor.varint());
  return {
    minLength,
    maxDistance: Math.min(maxDistance, 2 ** 15),
    maxSteps,
    maxSteps3: stepsOfThree(steps3),
    hash: hash % HASHES,
    niceLength: niceLength > ANY_LENGTH ? MAX_LENGTH : niceLength,
    wholeLength: insertion === 0 ? MAX_LENGTH : insertion >> 4,
    headPositions: (insertion >> 2) & 3,
    tailPositions: insertion & 3,
    rules: rules & ~RUNS,
    runBytes,
  };
}
