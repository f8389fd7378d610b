import { type Entry, likelihoodBits } from '../entry.js';
import { scaleText } from '../../heat-map/heat-map.js';
import { describeRepresentations } from '../representations.js';
import { escapeHtml, nameHtml } from './escape.js';
import { histogramSvg } from './histogram.js';
import { kindText, sizeText } from './table.js';

const BINS = 64;
/** Images with fewer pixels per side are enlarged without interpolation. */
const SMALL = 300;

/** Returns the section of an image: picture and heat map side by side, and its figures; '' if the entry has no pictures. */
export function imageSection(entry: Entry, name: string, number: number): string {
  const { pictures } = entry;
  if (!pictures) return '';
  const { width, height, picture, map, maxBits, counts, meanBits } = pictures;
  const shape = `width="${width}" height="${height}" decoding="async" draggable="false"`;
  const kind = Math.max(width, height) < SMALL ? ' class="small"' : '';
  const pane = (source: string, what: string): string =>
    `<figure><div class="pane" tabindex="0" role="group" aria-label="${what}: arrow keys pan, + and − zoom, 0 resets">` +
    `<img${kind} src="${source}" ${shape} alt="${escapeHtml(`${what} ${name}`)}"></div><figcaption>${what}</figcaption></figure>`;
  const shares = counts.shares(BINS, maxBits);
  const peak = `${(100 * Math.max(...shares)).toFixed(1)} %`;
  return (
    `<article id="image-${number}"><h3>${nameHtml(name)}</h3>` +
    `<p class="soft">${facts(entry, meanBits)}</p>` +
    '<div class="pair"><div class="panes">' +
    `${pane(picture, 'Image')}${pane(map, 'Bits per pixel')}</div>` +
    '<div class="controls">' +
    '<button type="button" data-action="out" aria-label="Zoom out">−</button>' +
    '<button type="button" data-action="in" aria-label="Zoom in">+</button>' +
    '<button type="button" data-action="reset">reset</button><output aria-label="Zoom factor">× 1.0</output>' +
    `<div class="scale" role="img" aria-label="${escapeHtml(scaleText(maxBits))}">0 <span></span> ${maxBits} bits per pixel</div>` +
    '</div></div>' +
    `<details><summary>Distribution and metadata</summary>` +
    histogramSvg({
      title: 'Distribution of bits per pixel',
      bins: shares,
      max: maxBits,
      unit: 'bits per pixel',
      peak,
    }) +
    `${chunksHtml(entry)}</details></article>\n`
  );
}

function facts(entry: Entry, meanBits: number): string {
  const { figures } = entry;
  const { palette, raw } = figures.representations;
  const likelihood = `likelihood ${Math.round(likelihoodBits(figures) / 8).toLocaleString('en-US')} bytes`;
  const coded = `coded ${figures.codedBytes.toLocaleString('en-US')} bytes`;
  const parts = [
    `${sizeText(entry)} ${kindText(entry)}`,
    `${meanBits.toFixed(2)} bits per pixel by the model's likelihood (${escapeHtml(figures.model.name)})`,
    likelihood,
    coded,
    ...(palette + raw > 0
      ? [
          `tiles stored: ${describeRepresentations(figures.representations)}; the heat map shows the model for the whole image`,
        ]
      : []),
  ];
  return parts.join(' · ');
}

function chunksHtml({ chunks }: Entry): string {
  if (chunks.length === 0) return '<p class="soft">No metadata.</p>';
  const rows = chunks.map(({ type, bytes, keyword, text }) => {
    const words = text === undefined ? '' : ` <bdi>${escapeHtml(`${keyword ?? ''}: ${text}`)}</bdi>`;
    return `<dt>${escapeHtml(type)}</dt><dd>${bytes.toLocaleString('en-US')} bytes${words}</dd>`;
  });
  return `<dl>${rows.join('')}</dl>`;
}
