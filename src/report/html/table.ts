import { channelsName } from '../../image/raster.js';
import { channelBits, type Entry, likelihoodBits, peerBytes, peerNames } from '../entry.js';
import type { Totals } from '../measure.js';
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

/** "RGB, 8 bits". */
export function kindText({ figures: { channels, depth, indexed } }: Entry): string {
  return `${channelsName(channels, indexed)}, ${depth} ${depth === 1 ? 'bit' : 'bits'}`;
}

const COLUMNS: readonly Column[] = [
  {
    heading: 'size',
    cell: (entry) => [sizeText(entry), entry.figures.width * entry.figures.height],
  },
  { heading: 'samples', isText: true, cell: (entry) => [kindText(entry), kindText(entry)] },
  { heading: 'source\nbytes', title: 'Size of the source file', cell: ({ figures }) => bytes(figures.sourceBytes) },
  { heading: '.prnn\nbytes', cell: ({ figures }) => bytes(figures.prnnBytes) },
  {
    heading: 'bits/dim',
    title: 'Size of the .prnn file in bits per sub-pixel',
    cell: ({ figures }) => rate(figures.rates.file),
  },
  {
    heading: 'model\nbits/dim',
    title: "The model's likelihood, before the mixer",
    cell: ({ figures }) => rate(figures.rates.model),
  },
  {
    heading: 'likelihood\nbytes',
    title: 'Code length by the likelihood after the mixer, which the coder uses',
    cell: ({ figures }) => bytes(Math.round(likelihoodBits(figures) / 8)),
  },
  {
    heading: 'coded\nbytes',
    title: 'Coded samples, without metadata and container',
    cell: ({ figures }) => bytes(figures.codedBytes),
  },
  { heading: 'R', title: 'Red, bits per pixel', cell: (entry) => rate(channelBits(entry).red) },
  {
    heading: 'G or\ngray',
    title: 'Green, gray or palette index, bits per pixel',
    cell: (entry) => rate(channelBits(entry).green ?? channelBits(entry).gray),
  },
  { heading: 'B', title: 'Blue, bits per pixel', cell: (entry) => rate(channelBits(entry).blue) },
  { heading: 'A', title: 'Alpha, bits per pixel', cell: (entry) => rate(channelBits(entry).alpha) },
  {
    heading: 'other',
    title: 'Channels coded together, without a model, bits per pixel',
    cell: ({ figures }) => (figures.rates.other > 0 ? rate(figures.rates.other) : NONE),
  },
  { heading: 'model', isText: true, cell: ({ figures }) => [escapeHtml(figures.model.name), figures.model.name] },
  { heading: 'effort', cell: ({ figures }) => [String(figures.effort), figures.effort] },
];

/** Number of columns before those of other codecs: up to the size and bits/dim of the file. */
const SIZE_COLUMNS = 5;

/** Returns the table of all images, sortable by its headings; file names link to the heat maps. */
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
    `<thead><tr>${heads.join('')}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>${totals ? footHtml(totals, columns) : ''}</table></div>`
  );
}

function peerColumn(name: string): Column {
  return {
    heading: `${name}\nbytes`,
    title: 'Size without metadata, and the size of the .prnn file without metadata relative to it',
    cell: (entry) => {
      const size = peerBytes(entry, name);
      if (size === null) return NONE;
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

function footHtml({ files, sourceBytes, prnnBytes, codedBytes, rates }: Totals, columns: readonly Column[]): string {
  const [red, green, blue] = rates.perChannel;
  const cells: Readonly<Record<string, string>> = {
    'source\nbytes': count(sourceBytes),
    '.prnn\nbytes': count(prnnBytes),
    'bits/dim': rates.file.toFixed(3),
    'model\nbits/dim': rates.model.toFixed(3),
    'coded\nbytes': count(codedBytes),
    R: red?.toFixed(3) ?? '',
    'G or\ngray': green?.toFixed(3) ?? '',
    B: blue?.toFixed(3) ?? '',
  };
  const row = columns.map(({ heading, isText }) => `<td${isText ? ' class="text"' : ''}>${cells[heading] ?? ''}</td>`);
  return `<tfoot><tr><th scope="row" class="text">total of ${files}</th>${row.join('')}</tr></tfoot>`;
}
