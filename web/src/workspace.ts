import { fill, h } from './dom.js';
import { bytesText, changeText } from './format.js';
import { icon } from './icons.js';
import { Item } from './item.js';
import { landing } from './landing.js';
import { panelOf } from './panel.js';
import { pickFiles } from './pick.js';
import { readItem } from './read-item.js';
import { compressItem, openItem } from './run-item.js';
import { saveZip } from './save.js';
import { type Overlay, Viewer } from './viewer.js';

/** The page for files: the start page until files are added, then the viewer, the panel and the list of files. */
export class Workspace {
  readonly element = h('div', { class: 'workspace-page' });
  private readonly items: Item[] = [];
  private current: Item | null = null;
  private readonly viewer = new Viewer();
  private readonly panel = h('aside', { class: 'panel', 'aria-label': 'File' });
  private readonly strip = h('div', { class: 'strip' });
  private overlay: Overlay = 'split';
  private frame = 0;
  private reading: Promise<void>;

  /** @param isReady resolves when files can be read */
  constructor(isReady: Promise<void>) {
    this.reading = isReady;
    this.render();
  }

  /** Whether a file is being read, measured or coded. */
  get isBusy(): boolean {
    return this.items.some(({ stage, estimate, isPrnn }) => {
      return stage === 'reading' || stage === 'running' || (stage === 'ready' && estimate === null && !isPrnn);
    });
  }

  /** Adds files and shows the first of them. */
  add(files: readonly File[]): void {
    const added = files.map((file) => new Item(file));
    for (const item of added) {
      item.addEventListener('change', () => this.render());
      // One after the other, so that the timings do not disturb each other.
      this.reading = this.reading.then(() => this.read(item));
    }
    this.items.push(...added);
    if (added[0]) this.current = added[0];
    this.render();
  }

  private async read(item: Item): Promise<void> {
    await readItem(item);
    if (item.isPrnn && item.stage === 'ready') await openItem(item);
  }

  private render(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
    if (this.element.childElementCount === 0) this.paint();
  }

  private paint(): void {
    const { current } = this;
    if (!current) {
      if (!this.element.querySelector('.landing'))
        fill(
          this.element,
          landing((files) => this.add(files)),
        );
      return;
    }
    if (!this.element.querySelector('.workspace')) {
      fill(this.element, h('div', { class: 'workspace' }, this.viewer.element, this.panel, this.strip));
      this.viewer.setOverlay(this.overlay);
    }
    this.viewer.show(current);
    const focused = document.activeElement?.textContent;
    const position = this.panel.scrollTop;
    fill(this.panel, ...panelOf(current, { overlay: this.overlay, setOverlay: (overlay) => this.setOverlay(overlay) }));
    this.panel.scrollTop = position;
    // The panel is built anew: the focus stays on the control of the same name.
    if (document.activeElement === document.body && focused) {
      [...this.panel.querySelectorAll<HTMLElement>('button')]
        .find(({ textContent }) => textContent === focused)
        ?.focus();
    }
    fill(this.strip, ...this.thumbnails());
  }

  private setOverlay(overlay: Overlay): void {
    this.overlay = overlay;
    this.viewer.setOverlay(overlay);
    this.render();
  }

  private thumbnails(): HTMLElement[] {
    const add = h(
      'button',
      {
        type: 'button',
        class: 'thumbnail add',
        'aria-label': 'Add files',
        onclick: () => pickFiles((files) => this.add(files)),
      },
      icon('add'),
    );
    const list = h('ul', { 'aria-label': 'Files' }, ...this.items.map((item) => this.thumbnail(item)));
    const waiting = this.items.filter(({ stage, isPrnn }) => stage === 'ready' && !isPrnn);
    const outputs = this.items.flatMap(({ output }) => (output ? [output] : []));
    const actions = h('div', { class: 'strip-actions' });
    if (waiting.length > 1) {
      actions.append(actionButton('play', `Compress all ${waiting.length}`, () => void this.compressAll(waiting)));
    }
    if (outputs.length > 1) actions.append(actionButton('download', 'Download all', () => void saveZip(outputs)));
    return [list, add, actions];
  }

  private thumbnail(item: Item): HTMLElement {
    const canvas = h('canvas', { width: 96, height: 96, 'aria-hidden': 'true' });
    const picture = item.picture ?? item.preview;
    if (picture) drawThumbnail(canvas, picture);
    const choose = h(
      'button',
      {
        type: 'button',
        class: 'thumbnail',
        'aria-current': item === this.current ? 'true' : null,
        title: item.file.name,
        onclick: () => {
          this.current = item;
          this.render();
        },
      },
      canvas,
      h('span', { class: 'visually-hidden' }, item.file.name),
      h('span', { class: `badge ${item.stage}` }, badgeText(item)),
    );
    const remove = h(
      'button',
      { type: 'button', class: 'remove', 'aria-label': `Remove ${item.file.name}`, onclick: () => this.remove(item) },
      icon('close'),
    );
    return h('li', {}, choose, remove);
  }

  private remove(item: Item): void {
    item.cancel();
    this.items.splice(this.items.indexOf(item), 1);
    if (this.current === item) this.current = this.items[0] ?? null;
    this.render();
  }

  private async compressAll(items: readonly Item[]): Promise<void> {
    for (const item of items) {
      if (item.stage !== 'ready') continue;
      this.current = item;
      await compressItem(item);
    }
  }
}

function actionButton(name: 'play' | 'download', text: string, action: () => void): HTMLElement {
  return h('button', { type: 'button', class: 'button quiet', onclick: action }, icon(name), h('span', {}, text));
}

function badgeText({ stage, progress, compressed, output, file }: Item): string {
  if (progress) return `${Math.floor(100 * progress.share)} %`;
  if (stage === 'failed') return 'failed';
  if (compressed) return changeText(compressed.bytes.length, file.size);
  return output ? bytesText(output.blob.size) : '';
}

function drawThumbnail(canvas: HTMLCanvasElement, picture: ImageBitmap): void {
  const side = canvas.width;
  const scale = Math.max(side / picture.width, side / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const context = canvas.getContext('2d');
  context?.drawImage(picture, (side - width) / 2, (side - height) / 2, width, height);
}
