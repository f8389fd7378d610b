import { damagedJpeg } from './faults.js';
import type { FrameHeader } from './frame.js';
import { DecodingTable } from './huffman-decoding.js';
import { optimalTable } from './huffman-optimal.js';
import { equalSpecs, type HuffmanSpec } from './huffman-spec.js';
import { STANDARD_TABLES } from './huffman-standard.js';
import type { HuffmanDefinition, JpegPart, UsualTables } from './parts.js';
import { type ScanHeader, tablesUsed } from './scan-header.js';
import type { GivenTable } from './segments.js';
import { usedSlots, usualTables } from './usual-tables.js';

type HuffmanPart = Extract<JpegPart, { kind: 'huffman' }>;

/** The Huffman tables in force while a file is parsed, and which of its DHT segments a record can leave out. */
export class TableHistory {
  /** By class and number; standard tables are added when a scan uses them. */
  private readonly tables: (DecodingTable | undefined)[][] = [[], []];

  /** Stores the tables of a DHT segment and returns its part. */
  define(tables: readonly GivenTable[]): HuffmanPart {
    for (const { tableClass, slot, spec } of tables) this.tables[tableClass]![slot] = new DecodingTable(spec);
    return { kind: 'huffman', tables };
  }

  /**
   * Returns the tables of each component of a scan.
   * @throws PixrnnError 'input-unreadable' if one that the scan uses is not defined
   */
  forScan(header: ScanHeader, frame: FrameHeader): Record<'dcTables' | 'acTables', DecodingTable[]> {
    const used = tablesUsed(header, frame);
    const tablesOf = (tableClass: 0 | 1, slots: readonly number[]): DecodingTable[] => {
      return slots.map((slot) => {
        const standard = STANDARD_TABLES[tableClass]![slot];
        const table = this.tables[tableClass]![slot] ?? (standard && new DecodingTable(standard));
        if (table === undefined) throw damagedJpeg('a scan uses a Huffman table that is not defined');
        this.tables[tableClass]![slot] = table;
        return table;
      });
    };
    const { components } = header;
    return {
      dcTables: used.dc
        ? tablesOf(
            0,
            components.map(({ dcSlot }) => dcSlot),
          )
        : [],
      acTables: used.ac
        ? tablesOf(
            1,
            components.map(({ acSlot }) => acSlot),
          )
        : [],
    };
  }

  /**
   * Simplifies the DHT parts directly before a scan that was just decoded: removes those that libjpeg would write, and
   * marks tables that are optimal for the scan. Returns how the removed ones were made.
   * @param isComplete whether all of the scan was decoded: else its statistics include symbols of damaged data
   */
  afterScan(parts: JpegPart[], header: ScanHeader, frame: FrameHeader, isComplete: boolean): UsualTables {
    if (removeUsual(parts, usualTables('standard', header, frame))) return 'standard';
    if (!isComplete) return 'none';
    const used = usedSlots(header, frame);
    const isUsed = (table: HuffmanDefinition): boolean => {
      const isCurrent = this.tables[table.tableClass]![table.slot]!.spec === table.spec;
      return isCurrent && used.some(({ tableClass, slot }) => tableClass === table.tableClass && slot === table.slot);
    };
    for (let at = parts.length - 1; at >= 0 && parts[at]!.kind !== 'scan'; at--) {
      const part = parts[at]!;
      if (part.kind !== 'huffman') continue;
      const tables = part.tables.map((table) =>
        isUsed(table) && this.isOptimal(table) ? { ...table, spec: 'optimal' as const } : table,
      );
      parts[at] = { kind: 'huffman', tables };
    }
    return removeUsual(parts, usualTables('optimal', header, frame)) ? 'optimal' : 'none';
  }

  private isOptimal({ tableClass, slot }: HuffmanDefinition): boolean {
    const { spec, frequencies } = this.tables[tableClass]![slot]!;
    return equalSpecs(spec, optimalTable(frequencies));
  }
}

/** Removes the last parts if they are DHT segments of one table each, those of `usual`. Returns whether they are. */
function removeUsual(parts: JpegPart[], usual: readonly HuffmanDefinition[] | null): boolean {
  if (usual === null || usual.length === 0 || parts.length < usual.length) return false;
  const last = parts.slice(-usual.length);
  const areUsual = last.every((part, i) => {
    if (part.kind !== 'huffman' || part.tables.length !== 1) return false;
    const [table] = part.tables;
    const { tableClass, slot, spec } = usual[i]!;
    return table!.tableClass === tableClass && table!.slot === slot && isSameTable(table!.spec, spec);
  });
  if (areUsual) parts.length -= usual.length;
  return areUsual;
}

function isSameTable(a: HuffmanSpec | 'optimal', b: HuffmanSpec | 'optimal'): boolean {
  return a === 'optimal' || b === 'optimal' ? a === b : equalSpecs(a, b);
}
