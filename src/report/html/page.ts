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

/** Content of a report page. */
export interface PageContent {
  readonly entries: readonly Entry[];
  /** Totals over all entries; null if there is only one. */
  readonly totals: Totals | null;
  /** Display names of the entries' files, in the order of `entries`. */
  readonly names: readonly string[];
  /** Number of files that could not be read or coded. */
  readonly failed: number;
  readonly made: Date;
}

const BINS = 48;
const IMAGE_BINS = 24;

/**
 * Returns the report as one self-contained HTML file. Its content security policy allows only its own script and style sheet and images
 * in data URIs.
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
<p class="soft">The heat map on the right shows the bits that each pixel costs: −log₂ of the probability that the model assigned to its samples, all channels together. ${mapsNote(pictured, entries.length)}
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

function introduction({ entries, totals, failed, made }: PageContent): string {
  const what = entries.length === 1 ? 'One image' : `${entries.length.toLocaleString('en-US')} images`;
  const rate = totals?.rates.file ?? entries[0]?.figures.rates.file;
  return [
    what,
    ...(rate === undefined ? [] : [`${rate.toFixed(3)} bits/dim`]),
    ...(failed > 0 ? [`${failed} ${failed === 1 ? 'file' : 'files'} could not be read or coded`] : []),
    escapeHtml(made.toISOString().slice(0, 16).replace('T', ' ') + ' UTC'),
  ].join(' · ');
}

function mapsNote(pictured: number, all: number): string {
  const scale = 'Each map has its own scale, shown below it.';
  if (pictured === all) return scale;
  return `${scale} Only ${pictured} of the ${all} images are shown, to keep the file small enough to open.`;
}

/** Returns the table of total sizes in each other codec, over the images that it supports, without metadata on either side. */
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
  return [pixelPlot(entries), imagePlot(entries)].filter((plot) => plot !== '').join('');
}

function pixelPlot(entries: readonly Entry[]): string {
  const all = new BitCounts();
  for (const { pictures } of entries) if (pictures) all.addAll(pictures.counts);
  const max = scaleFor(all);
  const bins = all.shares(BINS, max);
  const peak = `${(100 * Math.max(...bins)).toFixed(1)} %`;
  return figure({ title: 'Bits per pixel over all heat maps', bins, max, unit: 'bits per pixel', peak });
}

function imagePlot(entries: readonly Entry[]): string {
  if (entries.length < 2) return '';
  const rates = entries.map(({ figures }) => figures.rates.file);
  const max = Math.max(1, Math.ceil(Math.max(...rates)));
  const bins = Array.from({ length: IMAGE_BINS }, () => 0);
  for (const rate of rates) bins[Math.min(IMAGE_BINS - 1, Math.floor((rate / max) * IMAGE_BINS))]! += 1;
  const largest = Math.max(...bins);
  return figure({ title: 'Bits/dim per image', bins, max, unit: 'bits/dim', peak: `${largest}` });
}

function figure(histogram: Parameters<typeof histogramSvg>[0]): string {
  return `<figure><figcaption>${escapeHtml(histogram.title)}</figcaption>${histogramSvg(histogram)}</figure>`;
}
