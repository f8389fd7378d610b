import type { MapUnit } from '../../heat-map/bit-map.js';
import { scaleText } from '../../heat-map/heat-map.js';
import { type Entry, type JpegEntry, likelihoodBits, type PixelsEntry } from '../entry.js';
import { describeOrigin, describeRepresentations } from '../representations.js';
import { escapeHtml, nameHtml } from './escape.js';
import { histogramSvg } from './histogram.js';
import { kindText, sizeText } from './table.js';

const BINS = 64;
/** Images with fewer pixels per side are enlarged without interpolation. */
const SMALL = 300;
/** Bytes of coefficients outside the image up to which they are the ends of its streams, not images in the file. */
const MIN_NESTED = 16;

/** Returns the section of an image: picture and heat map side by side, and its figures; '' if the entry has no pictures. */
export function imageSection(entry: Entry, name: string, number: number): string {
  const { pictures } = entry;
  if (!pictures) return '';
  const { width, height, picture, map, maxBits, counts, unit } = pictures;
  const shape = `width="${width}" height="${height}" decoding="async" draggable="false"`;
  const kind = Math.max(width, height) < SMALL ? ' class="small"' : '';
  const pane = (source: string, what: string): string =>
    `<figure><div class="pane" tabindex="0" role="group" aria-label="${what}: arrow keys pan, + and − zoom, 0 resets">` +
    `<img${kind} src="${source}" ${shape} alt="${escapeHtml(`${what} ${name}`)}"></div><figcaption>${what}</figcaption></figure>`;
  const shares = counts.shares(BINS, maxBits);
  const peak = `${(100 * Math.max(...shares)).toFixed(1)} %`;
  return (
    `<article id="image-${number}"><h3>${nameHtml(name)}</h3>` +
    `<p class="soft">${factsOf(entry, pictures.meanBits).join(' · ')}</p>` +
    '<div class="pair"><div class="panes">' +
    `${pane(picture, 'Image')}${pane(map, unitText(unit, true))}</div>` +
    '<div class="controls">' +
    '<button type="button" data-action="out" aria-label="Zoom out">−</button>' +
    '<button type="button" data-action="in" aria-label="Zoom in">+</button>' +
    '<button type="button" data-action="reset">reset</button><output aria-label="Zoom factor">× 1.0</output>' +
    '<label class="overlay">show the image through the map <input type="range" min="0" max="100" value="0"></label>' +
    `<div class="scale" role="img" aria-label="${escapeHtml(scaleText(maxBits, unit))}">0 <span></span> ${maxBits} ${unitText(unit)}</div>` +
    '</div></div>' +
    `<details><summary>${entry.kind === 'pixels' ? 'Distribution and metadata' : 'Distribution and components'}</summary>` +
    histogramSvg({
      title: `Distribution of ${unitText(unit)}`,
      bins: shares,
      max: maxBits,
      unit: unitText(unit),
      peak,
    }) +
    `${entry.kind === 'pixels' ? chunksHtml(entry) : componentsHtml(entry)}</details></article>\n`
  );
}

/** "bits per 8 × 8 pixels"; `capital` begins a line with it. */
export function unitText({ name }: MapUnit, capital = false): string {
  const text = name.replace(' x ', ' × ');
  return capital ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}

function factsOf(entry: Entry, meanBits: number): string[] {
  return entry.kind === 'pixels' ? pixelsFacts(entry, meanBits) : jpegFacts(entry, meanBits);
}

function pixelsFacts(entry: PixelsEntry, meanBits: number): string[] {
  const { figures } = entry;
  const { palette, raw, planes } = figures.representations;
  const likelihood = `likelihood ${Math.round(likelihoodBits(figures) / 8).toLocaleString('en-US')} bytes`;
  const coded = `coded ${figures.codedBytes.toLocaleString('en-US')} bytes`;
  return [
    `${sizeText(entry)} ${kindText(entry)}`,
    `${meanBits.toFixed(2)} bits per pixel by the model's likelihood (${escapeHtml(figures.model.name)})`,
    likelihood,
    coded,
    ...(figures.origin ? [`computed from luma and chroma: ${describeOrigin(figures.origin)}`] : []),
    ...(palette + raw + planes > 0
      ? [
          `tiles stored: ${describeRepresentations(figures.representations)}; the heat map shows the model for the whole image`,
        ]
      : []),
  ];
}

function jpegFacts(entry: JpegEntry, meanBits: number): string[] {
  const { coefficients, sourceBytes, prnnBytes, ratio } = entry.figures;
  const [source, prnn] = [sourceBytes, prnnBytes].map((bytes) => bytes.toLocaleString('en-US'));
  return [
    `${sizeText(entry)} ${kindText(entry)}`,
    `${prnn} of ${source} bytes (${(100 * ratio).toFixed(1)} %)`,
    ...(coefficients
      ? [
          `${meanBits.toFixed(1)} bits per 8 × 8 pixels`,
          `${coefficients.bitsPerCoefficient.toFixed(3)} bits per coefficient`,
          `${(100 * coefficients.dcShare).toFixed(1)} % of the bits are DC`,
        ]
      : []),
  ];
}

function chunksHtml({ chunks }: PixelsEntry): string {
  if (chunks.length === 0) return '<p class="soft">No metadata.</p>';
  const rows = chunks.map(({ type, bytes, keyword, text }) => {
    const words = text === undefined ? '' : ` <bdi>${escapeHtml(`${keyword ?? ''}: ${text}`)}</bdi>`;
    return `<dt>${escapeHtml(type)}</dt><dd>${bytes.toLocaleString('en-US')} bytes${words}</dd>`;
  });
  return `<dl>${rows.join('')}</dl>`;
}

/** Returns what each component and everything else needs. */
function componentsHtml({ figures }: JpegEntry): string {
  const { coefficients, coefficientBytes, recordBytes } = figures;
  if (!coefficients) return '';
  const bytes = (bits: number): string => `${Math.round(bits / 8).toLocaleString('en-US')} bytes`;
  const rows = coefficients.components.map(({ name, blocks, bits, dcBits }) => {
    const rate = `${(bits / blocks).toFixed(1)} bits per block, DC ${bytes(dcBits)}`;
    return `<dt>${escapeHtml(name)}</dt><dd>${bytes(bits)} in ${blocks.toLocaleString('en-US')} blocks, ${rate}</dd>`;
  });
  const others = 8 * coefficientBytes - coefficients.bits;
  const nested = others < 8 * MIN_NESTED ? '' : `<dt>images in the file</dt><dd>${bytes(others)}</dd>`;
  return `<dl>${rows.join('')}${nested}<dt>everything else</dt><dd>${bytes(8 * recordBytes)}</dd></dl>`;
}
