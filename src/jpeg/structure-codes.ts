import type { FrameComponent } from './frame.js';

/* The numbers of the serialised parts (docs/format/jpeg-record.md). */

/** First bytes of the parts other than scans, below SCAN.SCAN. */
export const KIND = {
  end: 0,
  bytes: 1,
  segment: 2,
  jfif: 3,
  quantisation: 4,
  huffman: 5,
  frame: 6,
  height: 7,
  'restart-interval': 8,
} as const;

/** Bits of the first byte of a scan. */
export const SCAN = {
  SCAN: 0x80,
  TABLES: { none: 0, standard: 0x20, optimal: 0x40 },
  /** Both bits of TABLES. */
  TABLES_MASK: 0x60,
  HEADER: 0x10,
  ZERO_PADDING: 0x08,
  INTERVALS: 0x04,
  ZERO_RUNS: 0x02,
  RUN_ENDS: 0x01,
} as const;

/** Bits of an unusual interval: the fields that it has. */
export const INTERVAL = { MCUS: 1, PADDING: 2, LITERAL: 4, RESTART: 8 } as const;

/** Bits 5 and 6 of a Huffman table; bit 4 is its class, bits 0 and 1 its number. */
export const TABLE = { GIVEN: 0, LUMINANCE: 0x20, CHROMINANCE: 0x40, OPTIMAL: 0x60 } as const;

/** Bit of a frame's layout: its height is in a DNL segment. */
export const HEIGHT_IN_DNL = 0x80;

/** Components with these sampling factors have usual layouts. */
const MAX_USUAL_SAMPLING = 4;
const COLOUR_LAYOUTS = 0x10;

/**
 * Returns the number of a frame's layout, 1..32: 1 + 4 (h - 1) + (v - 1) for one component with sampling factors h and
 * v, 16 more for three whose first one has them and whose others have 1 and 1. Ids are 1, 2, 3; quantisation tables are
 * 0, 1, 1. Returns 0 for other layouts.
 */
export function usualLayout(components: readonly FrameComponent[]): number {
  const { horizontal, vertical } = components[0]!;
  const layout =
    1 + MAX_USUAL_SAMPLING * (horizontal - 1) + (vertical - 1) + (components.length === 3 ? COLOUR_LAYOUTS : 0);
  const expected = layoutComponents(layout);
  const isUsual =
    expected.length === components.length && expected.every((component, i) => equal(component, components[i]!));
  return isUsual ? layout : 0;
}

/** Returns the components of a usual layout, 1..32. */
export function layoutComponents(layout: number): FrameComponent[] {
  const sampling = (layout - 1) % COLOUR_LAYOUTS;
  const [horizontal, vertical] = [1 + Math.floor(sampling / MAX_USUAL_SAMPLING), 1 + (sampling % MAX_USUAL_SAMPLING)];
  const first = { id: 1, horizontal, vertical, quantisationSlot: 0 };
  if (layout <= COLOUR_LAYOUTS) return [first];
  return [first, ...[2, 3].map((id) => ({ id, horizontal: 1, vertical: 1, quantisationSlot: 1 }))];
}

function equal(a: FrameComponent, b: FrameComponent): boolean {
  return (
    a.id === b.id &&
    a.horizontal === b.horizontal &&
    a.vertical === b.vertical &&
    a.quantisationSlot === b.quantisationSlot
  );
}
