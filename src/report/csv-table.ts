import { type Cell, formatCsv } from './csv.js';
import { channelBits, type Entry, likelihoodBits, peerBytes, peerNames } from './entry.js';
import type { CoefficientFigures, JpegFigures } from './jpeg.js';
import type { Figures } from './measure.js';

type Column = readonly [name: string, value: (entry: Entry) => Cell | undefined];

/** Returns a column that JPEG files leave empty: their samples are not measured. */
function ofPixels(name: string, value: (figures: Figures) => Cell | undefined): Column {
  return [name, (entry) => (entry.kind === 'pixels' ? value(entry.figures) : null)];
}

/** Returns a column of JPEG files, which others leave empty. */
function ofJpeg(name: string, value: (figures: JpegFigures) => Cell | undefined): Column {
  return [name, (entry) => (entry.kind === 'jpeg' ? value(entry.figures) : null)];
}

function ofCoefficients(name: string, value: (figures: CoefficientFigures) => Cell): Column {
  return ofJpeg(name, ({ coefficients }) => coefficients && value(coefficients));
}

/** Returns the bits of a component; null if there is none, and for CMYK, whose Y is yellow. */
function componentBits({ components }: CoefficientFigures, wanted: 'Y' | 'Cb' | 'Cr'): number | null {
  if (components[0]?.name !== 'Y') return null;
  return components.find(({ name }) => name === wanted)?.bits ?? null;
}

/** Columns of `report --csv`; rates are in the unit that the name states. */
const COLUMNS: readonly Column[] = [
  ['file', ({ file }) => file],
  ['format', ({ format }) => format],
  ['width', ({ figures }) => figures.width],
  ['height', ({ figures }) => figures.height],
  ofPixels('channels', ({ channels }) => channels),
  ofPixels('depth', ({ depth }) => depth),
  ofPixels('palette', ({ indexed }) => (indexed ? 'yes' : 'no')),
  ['source_bytes', ({ figures }) => figures.sourceBytes],
  ['prnn_bytes', ({ figures }) => figures.prnnBytes],
  ofPixels('stripped_bytes', ({ strippedBytes }) => strippedBytes),
  ofPixels('coded_bytes', ({ codedBytes }) => codedBytes),
  ofPixels('likelihood_bits', likelihoodBits),
  ofPixels('bits_per_dim', ({ rates }) => rates.file),
  ofPixels('source_bits_per_dim', ({ rates }) => rates.source),
  ofPixels('model_bits_per_dim', ({ rates }) => rates.model),
  ofPixels('mixed_bits_per_dim', ({ rates }) => rates.mixed),
  ofPixels('overhead_percent', ({ rates }) => rates.overheadPercent),
  ofPixels('gray_bits_per_pixel', (figures) => channelBits(figures).gray),
  ofPixels('red_bits_per_pixel', (figures) => channelBits(figures).red),
  ofPixels('green_bits_per_pixel', (figures) => channelBits(figures).green),
  ofPixels('blue_bits_per_pixel', (figures) => channelBits(figures).blue),
  ofPixels('alpha_bits_per_pixel', (figures) => channelBits(figures).alpha),
  ofPixels('other_bits_per_pixel', ({ rates }) => rates.other),
  ofPixels('model', ({ model }) => model.name),
  ofPixels('model_id', ({ model }) => model.id),
  ['effort', ({ figures }) => figures.effort],
  ofPixels('tiles', ({ tiles }) => tiles),
  ['ratio', ({ figures }) => figures.prnnBytes / figures.sourceBytes],
  ofJpeg('coefficient_bytes', ({ coefficientBytes }) => coefficientBytes),
  ofJpeg('record_bytes', ({ recordBytes }) => recordBytes),
  ofJpeg('stored_because', ({ storedBecause }) => storedBecause),
  ofCoefficients('sampling', ({ sampling }) => sampling),
  ofCoefficients('coefficient_bits', ({ bits }) => bits),
  ofCoefficients('luma_bits', (figures) => componentBits(figures, 'Y')),
  ofCoefficients('cb_bits', (figures) => componentBits(figures, 'Cb')),
  ofCoefficients('cr_bits', (figures) => componentBits(figures, 'Cr')),
  ofCoefficients('bits_per_coefficient', ({ bitsPerCoefficient }) => bitsPerCoefficient),
  ofCoefficients('bits_per_block', ({ bitsPerBlock }) => bitsPerBlock),
  ofCoefficients('dc_share', ({ dcShare }) => dcShare),
];

/** Returns a CSV table: headings, one line per file, and one column of bytes per compared codec. */
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
