import { h } from './dom.js';
import { icon } from './icons.js';
import { pickFiles } from './pick.js';
import { IS_ONE_FILE } from './pixrnn.js';

/** Returns the start page, with the area to drop files on. */
export function landing(onFiles: (files: File[]) => void): HTMLElement {
  const choose = h(
    'button',
    { type: 'button', class: 'drop-area', onclick: () => pickFiles(onFiles) },
    h('span', { class: 'drop-icon' }, icon('upload')),
    h('strong', {}, 'Drop, paste or choose pictures'),
    h('span', { class: 'formats' }, 'JPEG, PNG, GIF, BMP, PNM or .prnn'),
  );
  const folder = h(
    'button',
    { type: 'button', class: 'button quiet', onclick: () => pickFiles(onFiles, true) },
    icon('folder'),
    h('span', {}, 'Choose a folder'),
  );
  return h(
    'div',
    { class: 'landing' },
    h('div', { class: 'glow', 'aria-hidden': 'true' }),
    h(
      'div',
      { class: 'hero' },
      h('h1', {}, 'Lossless pictures, ', h('em', {}, 'predicted pixel by pixel')),
      h(
        'p',
        { class: 'lead' },
        'A neural network predicts every pixel, and only what it cannot predict is stored. Files come back bit for bit.',
      ),
      choose,
      h('div', { class: 'hero-actions' }, folder, ...(IS_ONE_FILE ? [] : samplesOf(onFiles))),
      h('p', { class: 'private' }, icon('lock'), 'Everything stays on this machine. Nothing is uploaded.'),
    ),
    h(
      'ul',
      { class: 'claims' },
      claim('16 % smaller', 'than JPEG XL on photographs, on average over three sets of test images'),
      claim('30 % off JPEG files', 'which are restored byte for byte'),
      claim('Verified', 'each result is decoded and compared before you get it'),
    ),
  );
}

function claim(title: string, text: string): HTMLElement {
  return h('li', {}, h('strong', {}, title), h('span', {}, text));
}

const SAMPLES = [
  ['alps.png', 'Try a picture'],
  ['alps.prnn', 'Open a .prnn file'],
] as const;

function samplesOf(onFiles: (files: File[]) => void): HTMLElement[] {
  return SAMPLES.map(([name, text]) => {
    const load = async (): Promise<void> => {
      const response = await fetch(new URL(`samples/${name}`, document.baseURI));
      onFiles([new File([await response.blob()], name)]);
    };
    return h(
      'button',
      { type: 'button', class: 'button quiet', onclick: () => void load() },
      icon('image'),
      h('span', {}, text),
    );
  });
}
