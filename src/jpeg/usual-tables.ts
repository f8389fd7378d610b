import type { FrameHeader } from './frame.js';
import { STANDARD_TABLES } from './huffman-standard.js';
import type { HuffmanDefinition, UsualTables } from './parts.js';
import { type ScanHeader, tablesUsed } from './scan-header.js';

/**
 * Returns the tables of the DHT segments, each with one table, that libjpeg writes directly before a scan: those that
 * the scan uses, DC before AC, component by component. Returns null if the tables are none that exist.
 */
export function usualTables(
  tables: Exclude<UsualTables, 'none'>,
  header: ScanHeader,
  frame: FrameHeader,
): HuffmanDefinition[] | null {
  const definitions: HuffmanDefinition[] = [];
  for (const { tableClass, slot } of usedSlots(header, frame)) {
    const spec = tables === 'optimal' ? 'optimal' : STANDARD_TABLES[tableClass]![slot];
    if (spec === undefined) return null;
    definitions.push({ tableClass, slot, spec });
  }
  return definitions;
}

/** Returns the tables that a scan uses, each once. */
export function usedSlots(header: ScanHeader, frame: FrameHeader): Omit<HuffmanDefinition, 'spec'>[] {
  const { dc, ac } = tablesUsed(header, frame);
  const used: Omit<HuffmanDefinition, 'spec'>[] = [];
  const add = (tableClass: 0 | 1, slot: number): void => {
    const isNew = used.every((other) => other.tableClass !== tableClass || other.slot !== slot);
    if (isNew) used.push({ tableClass, slot });
  };
  for (const { dcSlot, acSlot } of header.components) {
    if (dc) add(0, dcSlot);
    if (ac) add(1, acSlot);
  }
  return used;
}
