import { h } from './dom.js';

/** Returns the page about the program. */
export function aboutPage(): HTMLElement {
  return h(
    'article',
    { class: 'about-page' },
    h('h1', {}, 'About pixrnn'),
    h(
      'p',
      { class: 'lead' },
      'pixrnn compresses images without loss. A small neural network predicts each pixel from its neighbours, and an arithmetic coder stores what differs from the prediction. The decoder runs the same network and restores the image bit for bit.',
    ),
    h('h2', {}, 'What it restores'),
    h(
      'p',
      {},
      'JPEG, PNG, GIF, BMP and PNM files come back byte for byte where that costs at most 1 %, else with every sample and all metadata. Each result is decoded and compared before you can download it.',
    ),
    h(
      'p',
      {},
      'WebP, AVIF and TIFF files are not read in the browser: its decoders convert colours and do not return the exact samples. The command line reads WebP and TIFF files.',
    ),
    h('h2', {}, 'What it costs'),
    h(
      'p',
      {},
      'Compressing and decompressing evaluate the network at every pixel. A photograph of 12 megapixels needs about 670 core-seconds to compress and verify, half of it to decode. The page measures your machine and states the time before it starts.',
    ),
    h('h2', {}, 'Privacy'),
    h(
      'p',
      {},
      'The page loads its own files and nothing else. Your pictures never leave this machine. After the first visit it also works offline.',
    ),
    h('h2', {}, 'Elsewhere'),
    h(
      'ul',
      {},
      h(
        'li',
        {},
        h('a', { href: 'decode.html', download: 'pixrnn-decode.html' }, 'Decoder in one file'),
        ': opens .prnn files without a server or a network. Put it next to an archive.',
      ),
      h('li', {}, 'The command line and the library: ', h('code', {}, 'npm install pixrnn')),
      h(
        'li',
        {},
        'For your own pages: ',
        h('code', {}, 'pixrnn/web'),
        ' and the element ',
        h('code', {}, '<prnn-img>'),
      ),
    ),
  );
}
