import { channelsName } from '../../image/raster.js';
import { channelBits, type Entry, likelihoodBits, peerBytes, peerNames } from '../entry.js';
import type { CoefficientFigures } from '../jpeg.js';
import { componentShares } from '../jpeg-components.js';
import type { Figures, Totals } from '../measure.js';
import { escapeHtml, nameHtml } from './escape.js';

/** A column of the page's table. */
interface Column {
  readonly heading: string;
  /** Tooltip that explains the heading. */
  readonly title?: string;
  readonly isText?: boolean;
  /** HTML of the cell, and its sort key; empty keys sort last. */
  readonly cell: (entry: Entry) => readonly [html: string, key: string | number];
}

type Shown = ReturnType<Column['cell']>;

const NONE: Shown = ['–', ''];

const count = (value: number): string => value.toLocaleString('en-US');
const bytes = (value: number | null): Shown => (value === null ? NONE : [count(value), value]);
const rate = (value: number | undefined): Shown => (value === undefined ? NONE : [value.toFixed(3), value]);

/** "768 × 512". */
export function sizeText({ figures: { width, height } }: Entry): string {
  return `${count(width)} × ${count(height)}`;
}

/** "RGB, 8 bits"; "JPEG 4:2:0", "JPEG gray", "JPEG, stored". */
export function kindText(entry: Entry): string {
  if (entry.kind === 'jpeg') {
    const { coefficients } = entry.figures;
    if (!coefficients) return 'JPEG, stored';
    return `JPEG ${coefficients.components.length === 1 ? 'gray' : coefficients.sampling}`;
  }
  const { channels, depth, indexed } = entry.figures;
  return `${channelsName(channels, indexed)}, ${depth} ${depth === 1 ? 'bit' : 'bits'}`;
}

/** Returns the cell of a column that JPEG files leave empty: their samples are not measured. */
function ofPixels(cell: (figures: Figures) => Shown): Column['cell'] {
  return (entry) => (entry.kind === 'pixels' ? cell(entry.figures) : NONE);
}

/** Returns the cell of a column of JPEG files whose coefficients are coded. */
function ofCoefficients(cell: (figures: CoefficientFigures) => Shown): Column['cell'] {
  return (entry) => (entry.kind === 'jpeg' && entry.figures.coefficients ? cell(entry.figures.coefficients) : NONE);
}

const COLUMNS: readonly Column[] = [
  {
    heading: 'size',
    cell: (entry) => [sizeText(entry), entry.figures.width * entry.figures.height],
  },
  { heading: 'samples', isText: true, cell: (entry) => [escapeHtml(kindText(entry)), kindText(entry)] },
  { heading: 'source\nbytes', title: 'Size of the source file', cell: ({ figures }) => bytes(figures.sourceBytes) },
  { heading: '.prnn\nbytes', cell: ({ figures }) => bytes(figures.prnnBytes) },
  {
    heading: 'ratio',
    title: 'Size of the .prnn file relative to the source file',
    cell: ({ figures }) => rate(figures.prnnBytes / figures.sourceBytes),
  },
  {
    heading: 'bits/dim',
    title: 'Size of the .prnn file in bits per sub-pixel; of JPEG files, the coefficients are coded, not the samples',
    cell: (entry) => (entry.kind === 'pixels' ? rate(entry.figures.rates.file) : ['JPEG', '']),
  },
  {
    heading: 'bits/\ncoefficient',
    title: 'Coded coefficients of a JPEG image',
    cell: ofCoefficients(({ bitsPerCoefficient }) => rate(bitsPerCoefficient)),
  },
  {
    heading: 'bits/\nblock',
    title: 'Coded coefficients of a JPEG image, per block of 64',
    cell: ofCoefficients(({ bitsPerBlock }) => [bitsPerBlock.toFixed(2), bitsPerBlock]),
  },
  {
    heading: 'DC',
    title: 'Share of the DC coefficients in the bits of the coefficients',
    cell: ofCoefficients(({ dcShare }) => [`${(100 * dcShare).toFixed(1)} %`, dcShare]),
  },
  {
    heading: 'components',
    title: 'Shares of the components in the bits of the coefficients',
    isText: true,
    cell: ofCoefficients(({ components }) => [escapeHtml(componentShares(components)), componentShares(components)]),
  },
  {
    heading: 'model\nbits/dim',
    title: "The model's likelihood, before the mixer",
    cell: ofPixels(({ rates }) => rate(rates.model)),
  },
  {
    heading: 'likelihood\nbytes',
    title: 'Code length by the likelihood after the mixer, which the coder uses',
    cell: ofPixels((figures) => bytes(Math.round(likelihoodBits(figures) / 8))),
  },
  {
    heading: 'coded\nbytes',
    title: 'Coded samples or coefficients, without metadata and container',
    cell: (entry) => bytes(codedBytes(entry)),
  },
  { heading: 'R', title: 'Red, bits per pixel', cell: ofPixels((figures) => rate(channelBits(figures).red)) },
  {
    heading: 'G or\ngray',
    title: 'Green, gray or palette index, bits per pixel',
    cell: ofPixels((figures) => rate(channelBits(figures).green ?? channelBits(figures).gray)),
  },
  { heading: 'B', title: 'Blue, bits per pixel', cell: ofPixels((figures) => rate(channelBits(figures).blue)) },
  { heading: 'A', title: 'Alpha, bits per pixel', cell: ofPixels((figures) => rate(channelBits(figures).alpha)) },
  {
    heading: 'other',
    title: 'Channels coded together, without a model, bits per pixel',
    cell: ofPixels(({ rates }) => (rates.other > 0 ? rate(rates.other) : NONE)),
  },
  { heading: 'model', isText: true, cell: ofPixels(({ model }) => [escapeHtml(model.name), model.name]) },
  { heading: 'effort', cell: ({ figures }) => [String(figures.effort), figures.effort] },
];

function codedBytes(entry: Entry): number {
  return entry.kind === 'pixels' ? entry.figures.codedBytes : entry.figures.coefficientBytes;
}

/** Number of columns before those of other codecs: up to the sizes and bits/dim of the file. */
const SIZE_COLUMNS = 6;

/**
 * Returns the table of all images, sortable by its headings; file names link to the heat maps.
 * @param totals over the images whose samples are measured; null if there are none, or one
 */
export function tableHtml(entries: readonly Entry[], names: readonly string[], totals: Totals | null): string {
  const isUsed = ({ cell }: Column): boolean => entries.some((entry) => cell(entry) !== NONE);
  const others = peerNames(entries).map(peerColumn);
  const columns = [...COLUMNS.slice(0, SIZE_COLUMNS), ...others, ...COLUMNS.slice(SIZE_COLUMNS)].filter(isUsed);
  const heads = [{ heading: 'file', isText: true }, ...columns].map(headingHtml);
  const rows = entries.map((entry, index) => {
    const name = names[index] ?? '';
    const link = entry.pictures ? `<a href="#image-${index + 1}">${nameHtml(name)}</a>` : nameHtml(name);
    const first = `<th scope="row" class="text" data-key="${escapeHtml(name)}" title="${escapeHtml(name)}">${link}</th>`;
    return `<tr>${first}${columns.map((column) => cellHtml(column, entry)).join('')}</tr>`;
  });
  return (
    '<p class="soft">Click a heading to sort, click again to reverse.</p>' +
    '<div class="scroll" tabindex="0" role="region" aria-label="Table of the images"><table class="sortable">' +
    `<thead><tr>${heads.join('')}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>${entries.length > 1 ? footHtml(entries, totals, columns) : ''}</table></div>`
  );
}

function peerColumn(name: string): Column {
  return {
    heading: `${name}\nbytes`,
    title: 'Size without metadata, and the size of the .prnn file without metadata relative to it',
    cell: (entry) => {
      const size = peerBytes(entry, name);
      if (size === null || entry.kind !== 'pixels') return NONE;
      return [`${count(size)} <small>${percentText(entry.figures.strippedBytes, size)}</small>`, size];
    },
  };
}

/** Returns the relative difference of `part` to `whole`, such as "−14.2 %". */
export function percentText(part: number, whole: number): string {
  const percent = 100 * (part / whole - 1);
  const sign = percent < 0 ? '−' : '+';
  return `${sign}${Math.abs(percent).toFixed(1)} %`;
}

function headingHtml({ heading, title, isText }: Omit<Column, 'cell'>): string {
  const hint = title === undefined ? '' : ` title="${escapeHtml(title)}"`;
  const lines = heading.split('\n').map(escapeHtml).join('<br>');
  return `<th scope="col"${isText ? ' class="text"' : ''}><button type="button"${hint}>${lines}</button></th>`;
}

function cellHtml({ isText, cell }: Column, entry: Entry): string {
  const [html, key] = cell(entry);
  return `<td${isText ? ' class="text"' : ''} data-key="${escapeHtml(String(key))}">${html}</td>`;
}

function footHtml(entries: readonly Entry[], totals: Totals | null, columns: readonly Column[]): string {
  const sum = (of: (entry: Entry) => number): number => entries.reduce((total, entry) => total + of(entry), 0);
  const [source, prnn] = [sum(({ figures }) => figures.sourceBytes), sum(({ figures }) => figures.prnnBytes)];
  const cells: Readonly<Record<string, string>> = {
    'source\nbytes': count(source),
    '.prnn\nbytes': count(prnn),
    ratio: (prnn / source).toFixed(3),
    'coded\nbytes': count(sum(codedBytes)),
    ...(totals && pixelsCells(totals)),
  };
  const row = columns.map(({ heading, isText }) => `<td${isText ? ' class="text"' : ''}>${cells[heading] ?? ''}</td>`);
  return `<tfoot><tr><th scope="row" class="text">total of ${entries.length}</th>${row.join('')}</tr></tfoot>`;
}

function pixelsCells({ rates }: Totals): Readonly<Record<string, string>> {
  const [red, green, blue] = rates.perChannel;
  return {
    'bits/dim': rates.file.toFixed(3),
    'model\nbits/dim': rates.model.toFixed(3),
    R: red?.toFixed(3) ?? '',
    'G or\ngray': green?.toFixed(3) ?? '',
    B: blue?.toFixed(3) ?? '',
  };
}
