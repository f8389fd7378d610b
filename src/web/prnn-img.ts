import { ByteReader } from '../byte-reader.js';
import { readHeader } from '../codec/container-header.js';
import { CHECK_BYTES } from '../crc32.js';
import { embeddedPreview } from '../codec/embedded-preview.js';
import { decompress } from './functions.js';
import type { DecodedTile } from './options.js';

/*
 * <prnn-img src="photo.prnn" alt="..."> shows a .prnn file like an <img>. It has the size of the image as soon as the header
 * of the file has arrived, shows the embedded picture, and paints rows as they are decoded.
 */

/** The first bytes of a file contain any header. */
const HEADER_BYTES = 40;
/** Files are loaded when they are this far from the visible part of the page. */
const LAZY_MARGIN = '600px';

const STYLE = `
:host { display: inline-block; max-width: 100%; }
:host([hidden]) { display: none; }
canvas { display: block; max-width: 100%; height: auto; background: rgb(128 128 128 / 12%); }
.error { display: block; padding: .75em 1em; border: 1px solid; font: 0.9em system-ui, sans-serif; }
`;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Returns the size of the image in pixels, and the number of bytes up to the end of the preview, if there is one. */
function layoutOf(start: Uint8Array): { readonly size: Size; readonly previewEnd: number } {
  const reader = new ByteReader(start);
  const header = readHeader(reader);
  const size = header.kind === 'pixels' ? header.header : header;
  const { previewBytes } = header;
  return { size, previewEnd: previewBytes === 0 ? 0 : reader.offset + previewBytes + CHECK_BYTES };
}

/** The element. Emits `load` and `error` as an <img> does, and `preview` when it shows an embedded picture. */
export class PrnnImage extends HTMLElement {
  static readonly observedAttributes = ['src', 'alt', 'width', 'height'];

  /** Size of the image in pixels; 0 until the header has arrived. */
  naturalWidth = 0;
  naturalHeight = 0;
  /** Whether the image is shown completely. */
  complete = false;
  private readonly canvas = document.createElement('canvas');
  /** Elements of a page get their attributes before they are connected: `src` must not load twice. */
  private isStarted = false;
  private controller: AbortController | null = null;
  private observer: IntersectionObserver | null = null;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    this.canvas.setAttribute('role', 'img');
    root.append(this.canvas);
  }

  get src(): string {
    return this.getAttribute('src') ?? '';
  }

  set src(url: string) {
    this.setAttribute('src', url);
  }

  get alt(): string {
    return this.getAttribute('alt') ?? '';
  }

  set alt(text: string) {
    this.setAttribute('alt', text);
  }

  connectedCallback(): void {
    this.isStarted = true;
    this.start();
  }

  disconnectedCallback(): void {
    this.isStarted = false;
    this.stop();
  }

  attributeChangedCallback(name: string): void {
    if (name === 'src' && this.isStarted) this.start();
    else this.layOut();
  }

  private stop(): void {
    this.observer?.disconnect();
    this.controller?.abort();
    this.controller = null;
  }

  private start(): void {
    this.stop();
    this.layOut();
    if (this.src === '') return;
    if (this.getAttribute('loading') !== 'lazy') return void this.load();
    this.observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        this.observer?.disconnect();
        void this.load();
      },
      { rootMargin: LAZY_MARGIN },
    );
    this.observer.observe(this);
  }

  private async load(): Promise<void> {
    const controller = new AbortController();
    this.controller = controller;
    this.complete = false;
    try {
      const bytes = await this.fetchBytes(controller.signal);
      await this.show(bytes, controller.signal);
      this.complete = true;
      this.dispatchEvent(new Event('load'));
    } catch (error) {
      if (!controller.signal.aborted) this.fail(error);
    }
  }

  /** Reads the file; lays the element out once the header has arrived, and shows the embedded picture. */
  private async fetchBytes(signal: AbortSignal): Promise<Uint8Array> {
    const response = await fetch(this.src, { signal });
    if (!response.ok || !response.body) throw new Error(`${this.src}: the server responds with ${response.status}`);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    let previewEnd: number | null = null;
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value);
      length += next.value.length;
      if (previewEnd === null && length >= HEADER_BYTES) previewEnd = this.layOutFor(await bytesOf(chunks));
      if (!previewEnd || length < previewEnd) continue;
      previewEnd = 0;
      await this.showPreview(await bytesOf(chunks), signal);
    }
    const bytes = await bytesOf(chunks);
    if (previewEnd === null) this.layOutFor(bytes);
    return bytes;
  }

  private layOutFor(start: Uint8Array): number {
    const { size, previewEnd } = layoutOf(start);
    this.setSize(size);
    return previewEnd;
  }

  /** Shows the embedded picture in the size of the image. One that is damaged is ignored. */
  private async showPreview(start: Uint8Array, signal: AbortSignal): Promise<void> {
    try {
      const picture = embeddedPreview(start);
      if (!picture) return;
      const { bytes, type, whole } = picture;
      const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
      if (signal.aborted) return;
      this.setSize(whole);
      const context = this.canvas.getContext('2d');
      if (context) context.imageSmoothingQuality = 'high';
      context?.drawImage(bitmap, 0, 0, whole.width, whole.height);
      bitmap.close();
      this.dispatchEvent(new Event('preview'));
    } catch {
      // The image does not depend on it.
    }
  }

  private async show(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const context = this.canvas.getContext('2d');
    const paint = ({ x, y, width, height, pixels }: DecodedTile): void =>
      context?.putImageData(new ImageData(pixels, width, height), x, y);
    const { bitmap } = await decompress(bytes, { format: 'bitmap', signal, onTile: paint, onRows: paint });
    // An upright JPEG image may have another size than its samples.
    if (bitmap.width !== this.canvas.width || bitmap.height !== this.canvas.height) this.setSize(bitmap);
    context?.clearRect(0, 0, bitmap.width, bitmap.height);
    context?.drawImage(bitmap, 0, 0);
    bitmap.close();
  }

  private setSize({ width, height }: Size): void {
    [this.naturalWidth, this.naturalHeight] = [width, height];
    [this.canvas.width, this.canvas.height] = [width, height];
    this.layOut();
  }

  /** Applies alt, width and height; the header gives the ratio, so that nothing moves when the image appears. */
  private layOut(): void {
    const { canvas, naturalWidth, naturalHeight } = this;
    canvas.setAttribute('aria-label', this.alt);
    const [width, height] = [this.getAttribute('width'), this.getAttribute('height')];
    const [wide, high] = [Number(width) || naturalWidth, Number(height) || naturalHeight];
    canvas.hidden = wide === 0 && naturalWidth === 0;
    if (wide > 0 && high > 0)
      canvas.style.aspectRatio = width && height ? `${wide} / ${high}` : `${naturalWidth} / ${naturalHeight}`;
    canvas.style.width = width || !height ? `${wide}px` : '';
    canvas.style.height = height && !width ? `${high}px` : '';
    this.shadowRoot?.querySelector('.error')?.remove();
  }

  private fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.canvas.hidden = true;
    const text = document.createElement('span');
    text.className = 'error';
    text.setAttribute('part', 'error');
    text.setAttribute('role', 'img');
    text.setAttribute('aria-label', this.alt);
    text.textContent = this.alt || 'This image cannot be shown.';
    text.title = message;
    this.shadowRoot?.append(text);
    this.dispatchEvent(new ErrorEvent('error', { error, message }));
  }
}

async function bytesOf(chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array> {
  return new Uint8Array(await new Blob([...chunks]).arrayBuffer());
}

if (!customElements.get('prnn-img')) customElements.define('prnn-img', PrnnImage);
