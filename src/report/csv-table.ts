import { type Cell, formatCsv } from './csv.js';
import { channelBits, type Entry, likelihoodBits, peerBytes, peerNames } from './entry.js';

/** Columns of `report --csv`; rates are in the unit that the name states. */
const COLUMNS: readonly (readonly [name: string, value: (entry: Entry) => Cell | undefined])[] = [
  ['file', ({ file }) => file],
  ['format', ({ format }) => format],
  ['width', ({ figures }) => figures.width],
  ['height', ({ figures }) => figures.height],
  ['channels', ({ figures }) => figures.channels],
  ['depth', ({ figures }) => figures.depth],
  ['palette', ({ figures }) => (figures.indexed ? 'yes' : 'no')],
  ['source_bytes', ({ figures }) => figures.sourceBytes],
  ['prnn_bytes', ({ figures }) => figures.prnnBytes],
  ['stripped_bytes', ({ figures }) => figures.strippedBytes],
  ['coded_bytes', ({ figures }) => figures.codedBytes],
  ['likelihood_bits', ({ figures }) => likelihoodBits(figures)],
  ['bits_per_dim', ({ figures }) => figures.rates.file],
  ['source_bits_per_dim', ({ figures }) => figures.rates.source],
  ['model_bits_per_dim', ({ figures }) => figures.rates.model],
  ['mixed_bits_per_dim', ({ figures }) => figures.rates.mixed],
  ['overhead_percent', ({ figures }) => figures.rates.overheadPercent],
  ['gray_bits_per_pixel', (entry) => channelBits(entry).gray],
  ['red_bits_per_pixel', (entry) => channelBits(entry).red],
  ['green_bits_per_pixel', (entry) => channelBits(entry).green],
  ['blue_bits_per_pixel', (entry) => channelBits(entry).blue],
  ['alpha_bits_per_pixel', (entry) => channelBits(entry).alpha],
  ['other_bits_per_pixel', ({ figures }) => figures.rates.other],
  ['model', ({ figures }) => figures.model.name],
  ['model_id', ({ figures }) => figures.model.id],
  ['effort', ({ figures }) => figures.effort],
  ['tiles', ({ figures }) => figures.tiles],
];

/** Returns a CSV table: headings, one line per image, and one column of bytes per compared codec. */
export function csvTable(entries: readonly Entry[]): string {
  const peers = peerNames(entries);
  const headings = [
    ...COLUMNS.map(([name]) => name),
    ...peers.map((name) => `${name.toLowerCase().replaceAll(' ', '_')}_bytes`),
  ];
  const rows = entries.map((entry) => [
    ...COLUMNS.map(([, value]) => value(entry) ?? null),
    ...peers.map((name) => peerBytes(entry, name)),
  ]);
  return formatCsv([headings, ...rows]);
}
