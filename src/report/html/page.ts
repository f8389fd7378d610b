import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BitCounts } from '../../heat-map/bit-counts.js';
import { type Entry, peerBytes } from '../entry.js';
import { scaleFor } from '../../heat-map/heat-map.js';
import type { Totals } from '../measure.js';
import { escapeHtml } from './escape.js';
import { histogramSvg } from './histogram.js';
import { imageSection } from './image-section.js';
import { STYLE } from './style.js';
import { percentText, tableHtml } from './table.js';

/** What a page is made of. */
export interface PageContent {
  readonly entries: readonly Entry[];
  /** Of all entries together; null where there is one. */
  readonly totals: Totals | null;
  /** How the entries' files are called on the page, in their order. */
  readonly names: readonly string[];
  /** Files of which there is no entry. */
  readonly failed: number;
  readonly made: Date;
}

const BINS = 48;
const IMAGE_BINS = 24;

/**
 * The report as one HTML file that needs nothing else and asks for nothing: its policy lets the browser run this script, use this style
 * sheet and show pictures that are in the file.
 */
export function reportPage(content: PageContent): string {
  const { entries, totals, names } = content;
  const script = readFileSync(new URL('./page-script.js', import.meta.url), 'utf8');
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hashSource(STYLE)}`,
    `script-src ${hashSource(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const pictured = entries.filter(({ pictures }) => pictures !== null).length;
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
<p class="soft">On the right, each pixel's colour is what it takes: −log₂ of the probability that the model gave its samples, all channels together. ${mapsNote(pictured, entries.length)}
The wheel zooms in a picture that has been clicked, or with Ctrl held; a drag moves, a double click zooms; arrows, + − and 0 do it by keyboard.</p>
${sections}</main>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** How a policy names an inline script or style sheet. */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

function introduction({ entries, totals, failed, made }: PageContent): string {
  const what = entries.length === 1 ? 'One image' : `${entries.length.toLocaleString('en-US')} images`;
  const rate = totals?.rates.file ?? entries[0]?.figures.rates.file;
  return [
    what,
    ...(rate === undefined ? [] : [`${rate.toFixed(3)} bits/dim`]),
    ...(failed > 0 ? [`${failed} could not be read or coded and ${failed === 1 ? 'is' : 'are'} left out`] : []),
    escapeHtml(made.toISOString().slice(0, 16).replace('T', ' ') + ' UTC'),
  ].join(' · ');
}

function mapsNote(pictured: number, all: number): string {
  const scale = 'Each map has its own scale, which is told below it.';
  if (pictured === all) return scale;
  return `${scale} Pictures of ${pictured} of the ${all} images are here: more would make the file too large to open.`;
}

/** All images together in each codec, those that it could hold; metadata is left out on both sides. */
function comparison(entries: readonly Entry[]): string {
  const settings = new Map(entries.flatMap(({ peers }) => peers.map(({ name, setting }) => [name, setting])));
  const rows = [...settings.keys()].map((name) => {
    const both = entries.flatMap((entry) => {
      const bytes = peerBytes(entry, name);
      return bytes === null ? [] : [[bytes, entry.figures.strippedBytes] as const];
    });
    if (both.length === 0) return '';
    const [theirs, ours] = [0, 1].map((side) => both.reduce((sum, pair) => sum + pair[side]!, 0)) as [number, number];
    const cells = [both.length, theirs, ours].map((value) => `<td>${value.toLocaleString('en-US')}</td>`).join('');
    return `<tr><th scope="row" class="text">${escapeHtml(name)}</th>${cells}<td>${percentText(ours, theirs)}</td></tr>`;
  });
  if (rows.length === 0) return '';
  const heads = ['codec', 'images', 'its bytes', 'pixrnn bytes', 'pixrnn is'];
  const cells = heads.map((head, at) => `<th scope="col"${at === 0 ? ' class="text"' : ''}>${head}</th>`);
  const how = [...settings].map(([name, setting]) => `${escapeHtml(name)}: <code>${escapeHtml(setting)}</code>`);
  return (
    '<h2>Against other codecs</h2><p class="soft">Lossless, and without metadata on both sides: the .prnn files are counted as ' +
    `<code>--strip-metadata</code> writes them. ${how.join(', ')}.</p><div class="scroll fitting"><table>` +
    `<thead><tr>${cells.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  );
}

function plots(entries: readonly Entry[]): string {
  return [pixelPlot(entries), imagePlot(entries)].filter((plot) => plot !== '').join('');
}

function pixelPlot(entries: readonly Entry[]): string {
  const all = new BitCounts();
  for (const { pictures } of entries) if (pictures) all.addAll(pictures.counts);
  const max = scaleFor(all);
  const bins = all.shares(BINS, max);
  const peak = `${(100 * Math.max(...bins)).toFixed(1)} %`;
  return figure({ title: 'Bits per pixel of all pixels of the maps', bins, max, unit: 'bits per pixel', peak });
}

function imagePlot(entries: readonly Entry[]): string {
  if (entries.length < 2) return '';
  const rates = entries.map(({ figures }) => figures.rates.file);
  const max = Math.max(1, Math.ceil(Math.max(...rates)));
  const bins = Array.from({ length: IMAGE_BINS }, () => 0);
  for (const rate of rates) bins[Math.min(IMAGE_BINS - 1, Math.floor((rate / max) * IMAGE_BINS))]! += 1;
  const tallest = Math.max(...bins);
  return figure({ title: 'Bits/dim of the images', bins, max, unit: 'bits/dim', peak: `${tallest}` });
}

function figure(histogram: Parameters<typeof histogramSvg>[0]): string {
  return `<figure><figcaption>${escapeHtml(histogram.title)}</figcaption>${histogramSvg(histogram)}</figure>`;
}
