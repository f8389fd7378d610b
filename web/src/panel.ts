import type { PreviewInfo } from '#pixrnn/web/index.js';
import { h, type Child } from './dom.js';
import { bytesText, changeText, secondsText, sizeText } from './format.js';
import { drawHistogram } from './histogram.js';
import { icon, type IconName } from './icons.js';
import type { Item } from './item.js';
import { IS_ONE_FILE } from './pixrnn.js';
import { compressItem, measureItem, openItem } from './run-item.js';
import { saveBlob } from './save.js';
import type { Overlay } from './viewer.js';

/** What the panel changes in the viewer. */
export interface PanelActions {
  readonly overlay: Overlay;
  readonly setOverlay: (overlay: Overlay) => void;
}

/** Returns the contents of the panel about an item. */
export function panelOf(item: Item, actions: PanelActions): Child[] {
  return [
    h('h1', { title: item.file.name }, item.file.name),
    h('p', { class: 'facts' }, ...factsOf(item)),
    item.error !== null && notice(item.error),
    ...item.warnings.map((warning) => notice(`Not kept: ${warning}.`)),
    stepOf(item),
    resultOf(item),
    heatOf(item, actions),
    item.histograms.length > 0 && section('Histogram', drawHistogram(item.histograms)),
    item.info && section('Metadata', metadataOf(item.info)),
  ];
}

/** Facts with dots between them; lines break at the dots. */
function factsOf({ width, height, format, samples, file }: Item): Child[] {
  const size = width === null || height === null ? null : sizeText({ width, height });
  const facts = [format, size, samples, bytesText(file.size)].filter(Boolean);
  return facts.flatMap((fact, i) => [i > 0 && ' · ', h('span', {}, fact)]);
}

function section(title: string, ...children: readonly Child[]): HTMLElement {
  return h('section', {}, h('h2', {}, title), ...children);
}

function notice(text: string): HTMLElement {
  return h('p', { class: 'notice', role: 'alert' }, icon('warning'), text);
}

function button(name: IconName, text: string, action: () => void, kind = 'primary'): HTMLElement {
  return h('button', { type: 'button', class: `button ${kind}`, onclick: action }, icon(name), h('span', {}, text));
}

/** What to do next: the time before it starts, the progress while it runs. */
function stepOf(item: Item): Child {
  if (item.stage === 'reading') return h('p', { class: 'hint pulse' }, 'Reading the file');
  if (item.progress) return progressOf(item);
  if (item.stage !== 'ready') return null;
  if (item.isPrnn)
    return h(
      'div',
      { class: 'step' },
      button('play', 'Decode', () => void openItem(item)),
    );
  const { estimate } = item;
  return h(
    'div',
    { class: 'step' },
    button('play', 'Compress', () => void compressItem(item)),
    h(
      'p',
      { class: estimate === null ? 'hint pulse' : 'hint' },
      estimate === null
        ? 'Timing parts of the image'
        : `Needs about ${secondsText(estimate)} on this machine, verification included`,
    ),
    // Workers of a page from disk cannot make one in WebKit.
    !IS_ONE_FILE && previewChoice(item),
  );
}

function previewChoice(item: Item): HTMLElement {
  const box = h('input', { type: 'checkbox', checked: item.wantsPreview });
  // Without an event: the panel need not be built anew.
  box.addEventListener('change', () => (item.wantsPreview = box.checked));
  return h('label', { class: 'choice' }, box, h('span', {}, 'Embed a small preview for viewers (at most 3 kB or 1 %)'));
}

function progressOf(item: Item): HTMLElement {
  const { share, secondsLeft, what } = item.progress ?? { share: 0, secondsLeft: null, what: '' };
  const percent = Math.floor(100 * share);
  const left = secondsLeft === null ? '' : `, ${secondsText(secondsLeft)} left`;
  return h(
    'div',
    { class: 'step' },
    h('progress', { max: 100, value: percent, 'aria-label': what }),
    h('p', { class: 'hint', 'data-testid': 'progress' }, `${what}: ${percent} %${left}`),
    button('stop', 'Cancel', () => item.cancel(), 'quiet'),
  );
}

function resultOf(item: Item): Child {
  const { output, compressed, info } = item;
  if (output === null && info === null) return null;
  const figures = compressed ? sizesOf(item, compressed.bytes.length) : null;
  const bits = info?.bitsPerDim ?? (compressed && bitsPerDim(item, compressed.bytes.length));
  return section(
    compressed ? 'Result' : 'File',
    figures,
    h(
      'dl',
      {},
      ...row('Bits per sample', bits ? bits.toFixed(3) : null),
      ...row('Restores', restoresText(compressed ?? info)),
      ...row('Model', info ? info.models.join(', ') || 'none' : null),
      ...row('Verified', output ? (compressed ? 'decoded and compared' : 'every hash is correct') : null),
    ),
    output && button('download', `Download ${output.name}`, () => saveBlob(output.name, output.blob), 'primary wide'),
  );
}

function restoresText(file: { readonly restores: string } | null): string | null {
  if (!file) return null;
  return file.restores === 'file' ? 'the source file, byte for byte' : 'every sample and the metadata';
}

function bitsPerDim({ width, height }: Item, bytes: number): number | null {
  return width && height ? (8 * bytes) / (width * height * 3) : null;
}

function row(term: string, value: string | null): HTMLElement[] {
  return value === null ? [] : [h('dt', {}, term), h('dd', {}, value)];
}

/** The sizes of the same image in several formats, as a list that screen readers read as well. */
function sizesOf(item: Item, bytes: number): HTMLElement {
  const { format, file, peers } = item;
  const sizes = [{ name: `${format}, as given`, bytes: file.size }, ...peers, { name: 'pixrnn', bytes }].sort(
    (a, b) => b.bytes - a.bytes,
  );
  const largest = sizes[0]!.bytes;
  const lines = sizes.map(({ name, bytes: size }) => {
    const isOwn = name === 'pixrnn';
    const line = h('div');
    line.style.width = `${Math.max(1.5, (100 * size) / largest)}%`;
    return h(
      'li',
      { class: isOwn ? 'own' : false },
      h('span', { class: 'name' }, name),
      h('span', { class: 'size' }, bytesText(size)),
      h('div', { class: 'size-line', 'aria-hidden': 'true' }, line),
    );
  });
  return h('div', { class: 'sizes' }, h('p', { class: 'saved' }, changeText(bytes, file.size)), h('ul', {}, ...lines));
}

function heatOf(item: Item, { overlay, setOverlay }: PanelActions): Child {
  if (item.stage === 'reading' || item.stage === 'failed' || item.stage === 'running') return null;
  if (item.isPrnn && item.output === null) return null;
  if (!item.heat) {
    return section(
      'Where the bits go',
      h('p', { class: 'hint' }, 'Measures the code length of every pixel. Needs as long as decoding.'),
      button('image', 'Measure', () => void measureItem(item), 'quiet'),
    );
  }
  const modes: readonly (readonly [Overlay, string])[] = [
    ['none', 'Image'],
    ['split', 'Side by side'],
    ['blend', 'Blend'],
  ];
  const choices = modes.map(([mode, text]) =>
    h(
      'label',
      {},
      h('input', {
        type: 'radio',
        name: 'overlay',
        value: mode,
        checked: mode === overlay,
        onchange: () => setOverlay(mode),
      }),
      h('span', {}, text),
    ),
  );
  const { unit, max } = item.measured ?? { unit: '', max: 0 };
  return section(
    'Where the bits go',
    h('div', { class: 'segments', role: 'radiogroup', 'aria-label': 'View' }, ...choices),
    h('div', { class: 'scale', 'aria-hidden': 'true' }),
    h('p', { class: 'scale-ends' }, h('span', {}, '0'), h('span', {}, unit), h('span', {}, String(max))),
  );
}

function previewText({ picture, bytes }: PreviewInfo): string {
  return picture ? `${sizeText(picture)}, ${bytesText(bytes)}` : 'damaged';
}

function metadataOf(info: NonNullable<Item['info']>): HTMLElement {
  const chunks = info.chunks.flatMap(({ type, keyword, text, bytes }) =>
    row(keyword === undefined ? type : `${type}: ${keyword}`, text ?? bytesText(bytes)),
  );
  return h(
    'dl',
    {},
    ...row('Tiles', String(info.tiles)),
    ...row('Coded', bytesText(info.codedBytes)),
    ...row('Metadata', bytesText(info.metadataBytes)),
    ...row('Preview', info.preview && previewText(info.preview)),
    ...row('Recipe', bytesText(info.recipeBytes)),
    ...(info.digest === null ? [] : row('Digest of the samples', info.digest)),
    ...(info.sourceDigest === null ? [] : row('SHA-256 of the source', info.sourceDigest)),
    ...chunks,
  );
}
