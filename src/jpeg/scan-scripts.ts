import type { FrameHeader } from './frame.js';
import { isProgressive, type ScanHeader } from './scan-header.js';

/** A scan of a script: the components, first and last coefficient, high and low shift. */
type ScriptScan = readonly [components: readonly number[], first: number, last: number, high: number, low: number];

/** `jpeg_simple_progression` of libjpeg for Y, Cb and Cr. */
const COLOUR_SCRIPT: readonly ScriptScan[] = [
  [[0, 1, 2], 0, 0, 0, 1],
  [[0], 1, 5, 0, 2],
  [[2], 1, 63, 0, 1],
  [[1], 1, 63, 0, 1],
  [[0], 6, 63, 0, 2],
  [[0], 1, 63, 2, 1],
  [[0, 1, 2], 0, 0, 1, 0],
  [[2], 1, 63, 1, 0],
  [[1], 1, 63, 1, 0],
  [[0], 1, 63, 1, 0],
];

/** The same for other images: first, last, high and low of each pass over all components. */
const GENERAL_PASSES = [
  [0, 0, 0, 1],
  [1, 5, 0, 2],
  [6, 63, 0, 2],
  [1, 63, 2, 1],
  [0, 0, 1, 0],
  [1, 63, 1, 0],
] as const;

/**
 * Returns the header that libjpeg writes for a scan, by its index; null after the last one. A component uses the
 * Huffman tables 0 if its quantisation table is 0, else 1.
 */
export function usualScan(frame: FrameHeader, index: number): ScanHeader | null {
  const scan = script(frame)[index];
  if (scan === undefined) return null;
  const [indices, first, last, high, low] = scan;
  const usesDc = first === 0 && high === 0;
  const usesAc = last > 0;
  const components = indices.map((component) => {
    const slot = Math.min(1, frame.components[component]!.quantisationSlot);
    return { index: component, dcSlot: usesDc ? slot : 0, acSlot: usesAc ? slot : 0 };
  });
  return { components, first, last, high, low };
}

/** Returns whether two scan headers are the same. */
export function equalScans(a: ScanHeader, b: ScanHeader): boolean {
  if (a.first !== b.first || a.last !== b.last || a.high !== b.high || a.low !== b.low) return false;
  if (a.components.length !== b.components.length) return false;
  return a.components.every(({ index, dcSlot, acSlot }, i) => {
    const other = b.components[i]!;
    return index === other.index && dcSlot === other.dcSlot && acSlot === other.acSlot;
  });
}

function script(frame: FrameHeader): readonly ScriptScan[] {
  const all = frame.components.map((_, i) => i);
  if (!isProgressive(frame)) return [[all, 0, 63, 0, 0]];
  const slots = frame.components.map(({ quantisationSlot }) => quantisationSlot);
  if (slots.length === 3 && slots[0] === 0 && slots[1] !== 0 && slots[2] !== 0) return COLOUR_SCRIPT;
  return GENERAL_PASSES.flatMap(([first, last, high, low]): ScriptScan[] => {
    if (last === 0) return [[all, first, last, high, low]];
    return all.map((component) => [[component], first, last, high, low]);
  });
}
