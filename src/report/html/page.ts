import { createHash } from 'node:crypto';
import { BitCounts } from '../../heat-map/bit-counts.js';
import { BITS_PER_BLOCK, BITS_PER_PIXEL, type MapUnit } from '../../heat-map/bit-map.js';
import { readAssetText } from '../../node/assets.js';
import { type Entry, jpegFigures, peerBytes, pixelsFigures } from '../entry.js';
import { scaleFor } from '../../heat-map/heat-map.js';
import { jpegTotalOf } from '../jpeg.js';
import { totalOf } from '../measure.js';
import { escapeHtml } from './escape.js';
import { histogramSvg } from './histogram.js';
import { imageSection, unitText } from './image-section.js';
import { STYLE } from './style.js';
import { percentText, tableHtml } from './table.js';

/** Content of a report page. */
export interface PageContent {
  readonly entries: readonly Entry[];
  /** Display names of the entries' files, in the order of `entries`. */
  readonly names: readonly string[];
  /** Number of files that could not be read or coded. */
  readonly failed: number;
  readonly made: Date;
}

const BINS = 48;
const FILE_BINS = 24;

/**
 * Returns the report as one self-contained HTML file. Its content security policy allows only its own script and style sheet and images
 * in data URIs.
 */
export function reportPage(content: PageContent): string {
  const { entries, names } = content;
  const measured = pixelsFigures(entries);
  const totals = measured.length > 1 ? totalOf(measured) : null;
  const script = readAssetText('report/html/page-script.js');
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hashSource(STYLE)}`,
    `script-src ${hashSource(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const sections = entries.map((entry, index) => imageSection(entry, names[index] ?? '', index + 1)).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>pixrnn report</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>pixrnn report</h1><p class="soft">${introduction(content)}</p></header>
<h2>Sizes</h2>
${tableHtml(entries, names, totals)}
${comparison(entries)}
<h2>Distributions</h2>
<div class="plots">${plots(entries)}</div>
<h2>Where the bits go</h2>
<p class="soft">${mapsText(entries)} ${mapsNote(entries)}
Click an image, then zoom with the wheel (or hold Ctrl); drag to pan, double-click to zoom in. Keyboard: arrow keys pan, + and − zoom, 0 resets.</p>
${sections}</main>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** Returns the source expression that allows an inline script or style sheet. */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

function introduction({ entries, failed, made }: PageContent): string {
  const what = entries.length === 1 ? 'One image' : `${entries.length.toLocaleString('en-US')} images`;
  const [pixels, jpegs] = [pixelsFigures(entries), jpegFigures(entries)];
  const rate = pixels.length === 0 ? null : `${totalOf(pixels).rates.file.toFixed(3)} bits/dim`;
  const ratio = jpegs.length === 0 ? null : `${(100 * jpegTotalOf(jpegs).ratio).toFixed(1)} % of the JPEG`;
  const isMixed = rate !== null && ratio !== null;
  const of = (files: number): string => (isMixed ? ` (${files} ${files === 1 ? 'image' : 'images'})` : '');
  return [
    what,
    ...(rate === null ? [] : [rate + of(pixels.length)]),
    ...(ratio === null ? [] : [`${ratio}${jpegs.length > 1 ? ' files' : ' file'}${of(jpegs.length)}`]),
    ...(failed > 0 ? [`${failed} ${failed === 1 ? 'file' : 'files'} could not be read or coded`] : []),
    escapeHtml(made.toISOString().slice(0, 16).replace('T', ' ') + ' UTC'),
  ].join(' · ');
}

/** Explains the heat maps of the kinds of images on the page. */
function mapsText(entries: readonly Entry[]): string {
  const has = (kind: Entry['kind']): boolean => entries.some((entry) => entry.kind === kind);
  const pixels =
    'The heat map on the right shows the bits that each pixel costs: −log₂ of the probability that the model assigned to its samples, all channels together.';
  const what = has('pixels') ? 'That of a JPEG file' : 'The heat map on the right';
  const jpeg = `${what} shows the bits of the coefficients per 8 × 8 pixels, all components together.`;
  return [...(has('pixels') ? [pixels] : []), ...(has('jpeg') ? [jpeg] : [])].join(' ');
}

/** States the scales of the maps, and why images are not shown. */
function mapsNote(entries: readonly Entry[]): string {
  const absent = entries.filter(({ pictures }) => pictures === null);
  const stored = absent.filter((entry) => entry.kind === 'jpeg' && entry.figures.coefficients === null).length;
  const parts = ['Each map has its own scale, shown below it.'];
  if (stored > 0) parts.push('JPEG files that are stored as they are have no map.');
  if (absent.length > stored) {
    const shown = entries.length - absent.length;
    parts.push(`Only ${shown} of the ${entries.length} images are shown, to keep the file small enough to open.`);
  }
  return parts.join(' ');
}

/** Returns the table of total sizes in each other codec, over the images that it supports, without metadata on either side. */
function comparison(entries: readonly Entry[]): string {
  const settings = new Map(entries.flatMap(({ peers }) => peers.map(({ name, setting }) => [name, setting])));
  const rows = [...settings.keys()].map((name) => {
    const both = entries.flatMap((entry) => {
      const bytes = peerBytes(entry, name);
      return bytes === null || entry.kind !== 'pixels' ? [] : [[bytes, entry.figures.strippedBytes] as const];
    });
    if (both.length === 0) return '';
    const [theirs, ours] = [0, 1].map((side) => both.reduce((sum, pair) => sum + pair[side]!, 0)) as [number, number];
    const cells = [both.length, theirs, ours].map((value) => `<td>${value.toLocaleString('en-US')}</td>`).join('');
    return `<tr><th scope="row" class="text">${escapeHtml(name)}</th>${cells}<td>${percentText(ours, theirs)}</td></tr>`;
  });
  if (rows.length === 0) return '';
  const heads = ['codec', 'images', 'codec bytes', 'pixrnn bytes', 'pixrnn is'];
  const cells = heads.map((head, at) => `<th scope="col"${at === 0 ? ' class="text"' : ''}>${head}</th>`);
  const how = [...settings].map(([name, setting]) => `${escapeHtml(name)}: <code>${escapeHtml(setting)}</code>`);
  return (
    '<h2>Compared with other codecs</h2><p class="soft">All lossless and without metadata: .prnn sizes are those that ' +
    `<code>--strip-metadata</code> produces. ${how.join(', ')}.</p><div class="scroll fitting"><table>` +
    `<thead><tr>${cells.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  );
}

function plots(entries: readonly Entry[]): string {
  return [
    mapPlot(entries, BITS_PER_PIXEL),
    mapPlot(entries, BITS_PER_BLOCK),
    filePlot(
      'Bits/dim per image',
      'bits/dim',
      pixelsFigures(entries).map(({ rates }) => rates.file),
    ),
    filePlot(
      'Size relative to the JPEG file',
      'ratio',
      jpegFigures(entries).map(({ ratio }) => ratio),
    ),
  ].join('');
}

/** Returns the distribution of the bits in the heat maps of a unit; '' if there are none. */
function mapPlot(entries: readonly Entry[], unit: MapUnit): string {
  const maps = entries.flatMap(({ pictures }) => (pictures?.unit === unit ? [pictures] : []));
  if (maps.length === 0) return '';
  const all = new BitCounts(unit);
  for (const { counts } of maps) all.addAll(counts);
  const max = scaleFor(all);
  const bins = all.shares(BINS, max);
  const peak = `${(100 * Math.max(...bins)).toFixed(1)} %`;
  const title = `${unitText(unit, true)} over all heat maps`;
  return figure({ title, bins, max, unit: unitText(unit), peak });
}

/** Returns the distribution of a figure over the files; '' if there are fewer than two. */
function filePlot(title: string, unit: string, values: readonly number[]): string {
  if (values.length < 2) return '';
  const max = Math.max(1, Math.ceil(Math.max(...values)));
  const bins = Array.from({ length: FILE_BINS }, () => 0);
  for (const value of values) bins[Math.min(FILE_BINS - 1, Math.floor((value / max) * FILE_BINS))]! += 1;
  return figure({ title, bins, max, unit, peak: `${Math.max(...bins)}` });
}

function figure(histogram: Parameters<typeof histogramSvg>[0]): string {
  return `<figure><figcaption>${escapeHtml(histogram.title)}</figcaption>${histogramSvg(histogram)}</figure>`;
}
