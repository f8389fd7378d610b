import { type CodecName, CODECS, isPixrnn } from './codec.js';
import type { Peers } from './peers.js';
import { keyOf, type Row } from './rows.js';

/** A column of file sizes. */
export interface Column {
  label: string;
  kind: 'pixrnn' | 'other' | 'given';
  /** NaN if it was not measured. */
  bytesOf: (row: Row) => number;
}

/** Returns the columns of the codecs that ran, of the sizes measured earlier, and of the original PNG files. */
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
