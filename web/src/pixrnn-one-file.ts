import { Codec } from '#pixrnn/web/index.js';

/*
 * The codec of the page in one file, instead of pixrnn.ts: the worker, the wasm files and the weights are elements of the
 * page, gzip in base64. A page from disk fetches nothing.
 */

export const IS_ONE_FILE = true;

function contentOf(element: Element): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(element.textContent ?? ''), (character) => character.charCodeAt(0));
}

const files = [...document.querySelectorAll<HTMLScriptElement>('script[data-file]')];
const worker = document.getElementById('worker')?.textContent ?? '';

export const codec = new Codec({
  worker: new Blob([worker], { type: 'text/javascript' }),
  assets: Object.fromEntries(files.map((element) => [element.dataset['file'] ?? '', contentOf(element)])),
});
