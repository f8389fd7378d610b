import { equalBytes, latin1Bytes } from '../bytes.js';
import { BLOCK_SIZE } from './frame.js';
import { type HuffmanSpec, isValidSpec, MAX_CODE_BITS, symbolCount } from './huffman-spec.js';
import type { JfifHeader, QuantisationDefinition } from './parts.js';
import { NATURAL_ORDER } from './zigzag.js';

/* The payloads of the marker segments that a record stores by their meaning. Parsers return null for other content. */

/** A Huffman table of a DHT segment as given. */
export interface GivenTable {
  readonly tableClass: 0 | 1;
  readonly slot: number;
  readonly spec: HuffmanSpec;
}

const JFIF_VERSION_1 = latin1Bytes('JFIF\0\x01');
const JFIF_LENGTH = 14;

/** Parses the payload of an APP0 segment. */
export function parseJfif(payload: Uint8Array): JfifHeader | null {
  const hasThumbnail = payload[12] !== 0 || payload[13] !== 0;
  if (payload.length !== JFIF_LENGTH || hasThumbnail || !equalBytes(payload.subarray(0, 6), JFIF_VERSION_1))
    return null;
  const [minorVersion, units, xHigh, xLow, yHigh, yLow] = payload.subarray(6);
  return {
    ...{ minorVersion: minorVersion!, units: units! },
    xDensity: xHigh! * 256 + xLow!,
    yDensity: yHigh! * 256 + yLow!,
  };
}

export function jfifBytes({ minorVersion, units, xDensity, yDensity }: JfifHeader): Uint8Array {
  const densities = [xDensity >> 8, xDensity & 0xff, yDensity >> 8, yDensity & 0xff];
  return Uint8Array.of(...JFIF_VERSION_1, minorVersion, units, ...densities, 0, 0);
}

/** Parses the payload of a DQT segment (ITU-T T.81, B.2.4.1). */
export function parseQuantisation(payload: Uint8Array): QuantisationDefinition[] | null {
  const tables: QuantisationDefinition[] = [];
  for (let at = 0; at < payload.length;) {
    const [precision, slot] = [payload[at]! >> 4, payload[at]! & 15];
    const wide = precision === 1;
    const size = wide ? 2 * BLOCK_SIZE : BLOCK_SIZE;
    if (precision > 1 || slot > 3 || at + 1 + size > payload.length) return null;
    tables.push({ slot, wide, steps: parseSteps(payload.subarray(at + 1, at + 1 + size), wide) });
    at += 1 + size;
  }
  return tables.length > 0 ? tables : null;
}

export function quantisationBytes(tables: readonly QuantisationDefinition[]): Uint8Array {
  return Uint8Array.from(
    tables.flatMap(({ slot, wide, steps }) => [(wide ? 0x10 : 0) | slot, ...stepBytes(steps, wide)]),
  );
}

/** Parses the 64 steps of a quantisation table, in zigzag order and big endian; returns them in natural order. */
export function parseSteps(bytes: Uint8Array, wide: boolean): Uint16Array {
  const steps = new Uint16Array(BLOCK_SIZE);
  NATURAL_ORDER.forEach((natural, k) => {
    steps[natural] = wide ? bytes[2 * k]! * 256 + bytes[2 * k + 1]! : bytes[k]!;
  });
  return steps;
}

export function stepBytes(steps: Uint16Array, wide: boolean): number[] {
  return Array.from(NATURAL_ORDER, (natural) => steps[natural]!).flatMap((step) => {
    return wide ? [step >> 8, step & 0xff] : [step];
  });
}

/** Parses the payload of a DHT segment (ITU-T T.81, B.2.4.2). */
export function parseHuffman(payload: Uint8Array): GivenTable[] | null {
  const tables: GivenTable[] = [];
  for (let at = 0; at < payload.length;) {
    const [tableClass, slot] = [payload[at]! >> 4, payload[at]! & 15];
    const counts = payload.slice(at + 1, at + 1 + MAX_CODE_BITS);
    at += 1 + MAX_CODE_BITS;
    const symbols = payload.slice(at, at + symbolCount(counts));
    at += symbols.length;
    const spec = { counts, symbols };
    if (tableClass > 1 || slot > 3 || counts.length < MAX_CODE_BITS || !isValidSpec(spec)) return null;
    tables.push({ tableClass: tableClass === 0 ? 0 : 1, slot, spec });
  }
  return tables.length > 0 ? tables : null;
}

export function huffmanBytes(tables: readonly GivenTable[]): Uint8Array {
  return Uint8Array.from(
    tables.flatMap(({ tableClass, slot, spec }) => [(tableClass << 4) | slot, ...spec.counts, ...spec.symbols]),
  );
}
