import { type CodecName, CODECS, isPixrnn } from './codec.js';
import type { Peers } from './peers.js';
import { keyOf, type Row } from './rows.js';

/** Whose files a column of sizes is of. */
export interface Column {
  label: string;
  kind: 'pixrnn' | 'other' | 'given';
  /** Not a number where it was not measured. */
  bytesOf: (row: Row) => number;
}

/** The codecs that ran, those whose sizes are known from before, and the images as they are given. */
export function columnsOf(codecs: readonly CodecName[], { paq, best }: Peers): Column[] {
  const before = (command: string, sizes: ReadonlyMap<string, number>): Column => ({
    label: `${command} (measured earlier)`,
    kind: 'other',
    bytesOf: (row) => sizes.get(keyOf(row)) ?? NaN,
  });
  return [
    ...codecs.map((name): Column => ({
      label: CODECS[name].label,
      kind: isPixrnn(name) ? 'pixrnn' : 'other',
      bytesOf: ({ results }) => results[name]?.bytes ?? NaN,
    })),
    ...(codecs.includes('cjxl-best') ? [] : [before(CODECS['cjxl-best'].label, best)]),
    before('paq8px -8', paq),
    { label: 'PNG as given', kind: 'given', bytesOf: ({ pngBytes }) => pngBytes },
  ];
}
