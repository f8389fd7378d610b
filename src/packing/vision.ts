import { encodeVarint } from '../varint.js';
import type { ByteCursor } from './byte-cursor.js';
import type { PackingCoder } from './packing-coder.js';

/** Matches are no longer than this. */
export const MAX_LENGTH = 258;
const ANY_LENGTH = 255;
export const MAX_STEPS = 4096;
const MAX_STEPS_3 = 63;
const HASHES = 11;
/** A bit of the rules: only runs of equal pixels are matches. */
const RUNS = 0x80;
const MAX_ROW_BYTES = 2 ** 30;

/** What an encoder can see (assembly/packing/vision.ts). */
export interface Vision {
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

/** What every encoder can see: the description of one that sees less than it uses. */
export const EVERYTHING: Vision = {
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

/** Sets what the encoder can see, and the properties of its stream. */
export function configure({ wasm }: PackingCoder, properties: number, vision: Vision): void {
  wasm.setProperties(properties);
  const { minLength, maxDistance, maxSteps, maxSteps3, niceLength, hash } = vision;
  wasm.setRules(vision.rules);
  wasm.setRuns(vision.runBytes > 0 ? maxDistance : 0, Math.max(1, vision.runBytes));
  wasm.setVision(minLength, maxDistance, maxSteps, maxSteps3, niceLength, hash);
  wasm.setInsertion(vision.wholeLength, vision.headPositions, vision.tailPositions);
}

/** Returns what the scan found. */
export function visionOf({ wasm }: PackingCoder): Vision {
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

/** Returns the vision as a description has it. */
export function visionBytes(vision: Vision): Uint8Array {
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

/** Reads what `visionBytes` returned. */
export function readVision(cursor: ByteCursor): Vision {
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
