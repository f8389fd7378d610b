import type { ByteReader } from '../byte-reader.js';
import { equalBytes } from '../bytes.js';
import { BASE_COUNT, findScaledTable, MAX_QUALITY, scaledTable } from '../jpeg/quantisation.js';
import { encodeVarint } from '../varint.js';

/*
 * Quantisation tables of steps from 1 to 255 (docs/format/origins.md): a varint, 0 before 64 given steps,
 * 1 + 100 base + quality - 1 for a table that a base and a quality determine, 301 for that of the component before.
 */

const GIVEN = 0;
const SAME = 1 + BASE_COUNT * MAX_QUALITY;

/** @param tables the 64 steps of each component, natural order */
export function encodeStepTables(tables: readonly Uint16Array[]): Uint8Array {
  const bytes = tables.flatMap((steps, i) => {
    const before = tables[i - 1];
    if (before && equalBytes(Uint8Array.from(before), Uint8Array.from(steps))) return encodeVarint(SAME);
    const scaled = findScaledTable(steps, false);
    return scaled ? encodeVarint(MAX_QUALITY * scaled.base + scaled.quality) : [GIVEN, ...steps];
  });
  return Uint8Array.from(bytes);
}

/**
 * Reads the tables of `count` components.
 * @throws PixrnnError 'file-corrupt'
 */
export function decodeStepTables(reader: ByteReader, count: number): Uint16Array[] {
  const tables: Uint16Array[] = [];
  for (let i = 0; i < count; i++) tables.push(decodeTable(reader, tables[i - 1]));
  return tables;
}

function decodeTable(reader: ByteReader, before: Uint16Array | undefined): Uint16Array {
  const kind = reader.varint();
  if (kind === GIVEN) {
    const steps = Uint16Array.from(reader.take(64));
    if (steps.includes(0)) throw reader.corruptPart('has a quantisation step of 0');
    return steps;
  }
  if (kind < SAME) {
    return scaledTable({ base: Math.floor((kind - 1) / MAX_QUALITY), quality: 1 + ((kind - 1) % MAX_QUALITY) }, false);
  }
  if (kind > SAME || before === undefined) throw reader.corruptPart('has an unknown quantisation table');
  return before;
}
