import { h } from './dom.js';
import { icon } from './icons.js';
import type { Item } from './item.js';

/** How the heat map is shown with the image. */
export type Overlay = 'none' | 'split' | 'blend';

const MAX_SCALE = 64;
const ZOOM_STEP = 1.4;
const PAN_STEP = 60;

/** A canvas that shows an item's picture: zoom, pan, and the heat map over it. */
export class Viewer {
  readonly element: HTMLElement;
  private readonly canvas = h('canvas', { tabindex: 0, role: 'img' });
  /** Shown instead of a picture. */
  private readonly empty = h('div', { class: 'no-picture', 'aria-hidden': 'true' }, icon('image'));
  private readonly controls: HTMLElement;
  private readonly percent = h('output', { class: 'percent' });
  private readonly slider = h('input', {
    type: 'range',
    min: 0,
    max: 100,
    value: 50,
    'aria-label': 'Share of the heat map',
    oninput: () => this.draw(),
  });
  private readonly blend = h('div', { class: 'blend' }, this.slider);
  private overlay: Overlay = 'none';
  private item: Item | null = null;
  private scale = 1;
  private x = 0;
  private y = 0;
  private isFitted = true;
  private readonly pointers = new Map<number, PointerEvent>();
  private frame = 0;

  constructor() {
    const button = (name: Parameters<typeof icon>[0], label: string, action: () => void): HTMLElement =>
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: action },
        icon(name),
      );
    this.controls = h(
      'div',
      { class: 'zoom', role: 'group', 'aria-label': 'Zoom' },
      button('minus', 'Zoom out', () => this.zoom(1 / ZOOM_STEP)),
      h(
        'button',
        { type: 'button', class: 'percent-button', title: 'Actual size', onclick: () => this.zoomTo(1) },
        this.percent,
      ),
      button('add', 'Zoom in', () => this.zoom(ZOOM_STEP)),
      button('fit', 'Fit to view', () => this.fit()),
    );
    this.element = h('div', { class: 'viewer' }, this.canvas, this.empty, this.blend, this.controls);
    this.listen();
    new ResizeObserver(() => (this.isFitted ? this.fit() : this.draw())).observe(this.element);
  }

  /** Shows an item; its size may be known before its picture. */
  show(item: Item): void {
    const isOther = item !== this.item;
    this.item = item;
    if (isOther) this.isFitted = true;
    const hasPicture = item.picture !== null || item.preview !== null;
    this.canvas.setAttribute('aria-label', hasPicture ? `Picture: ${item.file.name}` : 'No picture yet');
    this.empty.hidden = hasPicture;
    this.controls.hidden = !hasPicture;
    if (this.isFitted) this.fit();
    else this.draw();
  }

  setOverlay(overlay: Overlay): void {
    this.overlay = overlay;
    this.slider.setAttribute('aria-label', overlay === 'split' ? 'Position of the divider' : 'Opacity of the heat map');
    this.draw();
  }

  private get size(): { width: number; height: number } {
    return { width: this.item?.width ?? 1, height: this.item?.height ?? 1 };
  }

  private fit(): void {
    const { width, height } = this.size;
    const box = this.canvas.getBoundingClientRect();
    if (box.width === 0) return;
    const margin = Math.min(48, box.width * 0.06);
    this.scale = Math.min((box.width - 2 * margin) / width, (box.height - 2 * margin) / height, 8);
    this.x = (box.width - width * this.scale) / 2;
    this.y = (box.height - height * this.scale) / 2;
    this.isFitted = true;
    this.draw();
  }

  /** Zooms around a point of the canvas; default: its centre. */
  private zoom(factor: number, at?: { x: number; y: number }): void {
    const box = this.canvas.getBoundingClientRect();
    const point = at ?? { x: box.width / 2, y: box.height / 2 };
    const { width, height } = this.size;
    const smallest = Math.min(1, 0.5 * Math.min(box.width / width, box.height / height));
    const scale = Math.max(smallest, Math.min(MAX_SCALE, this.scale * factor));
    this.x = point.x - ((point.x - this.x) * scale) / this.scale;
    this.y = point.y - ((point.y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.isFitted = false;
    this.draw();
  }

  private zoomTo(scale: number): void {
    this.zoom(scale / devicePixelRatio / this.scale);
  }

  private pan(dx: number, dy: number): void {
    this.x += dx;
    this.y += dy;
    this.isFitted = false;
    this.draw();
  }

  private draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    const { canvas, item, x, y, scale } = this;
    const box = canvas.getBoundingClientRect();
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d');
    if (!context || !item) return;
    this.percent.value = `${Math.round(100 * scale * ratio)} %`;
    const hasHeat = this.overlay !== 'none' && item.heat !== null;
    this.blend.hidden = !hasHeat;
    context.clearRect(0, 0, width, height);
    const place = [x * ratio, y * ratio, this.size.width * scale * ratio, this.size.height * scale * ratio] as const;
    context.imageSmoothingEnabled = scale * ratio < 2;
    context.imageSmoothingQuality = 'high';
    const picture = item.picture ?? item.preview;
    if (!picture) return;
    checkerboard(context, place, ratio);
    context.drawImage(picture, ...place);
    if (hasHeat && item.heat) this.paintHeat(context, item.heat, place);
  }

  private paintHeat(
    context: CanvasRenderingContext2D,
    heat: ImageBitmap,
    [left, top, width, height]: readonly [number, number, number, number],
  ): void {
    const share = Number(this.slider.value) / 100;
    context.save();
    if (this.overlay === 'blend') context.globalAlpha = share;
    else {
      const divider = left + width * share;
      context.beginPath();
      context.rect(divider, top, left + width - divider, height);
      context.clip();
    }
    context.drawImage(heat, left, top, width, height);
    context.restore();
    if (this.overlay !== 'split') return;
    context.fillStyle = '#fff';
    context.fillRect(left + width * share - 1, top, 2, height);
  }

  private listen(): void {
    const { canvas } = this;
    const place = (event: PointerEvent | WheelEvent): { x: number; y: number } => {
      const box = canvas.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), place(event));
      },
      { passive: false },
    );
    canvas.addEventListener('dblclick', (event) => {
      if (this.isFitted) this.zoom(1 / devicePixelRatio / this.scale, place(event as PointerEvent));
      else this.fit();
    });
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, event);
    });
    canvas.addEventListener('pointermove', (event) => this.move(event, place(event)));
    for (const type of ['pointerup', 'pointercancel'] as const) {
      canvas.addEventListener(type, (event) => void this.pointers.delete(event.pointerId));
    }
    canvas.addEventListener('keydown', (event) => this.press(event));
  }

  private move(event: PointerEvent, at: { x: number; y: number }): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const other = [...this.pointers.values()].find(({ pointerId }) => pointerId !== event.pointerId);
    this.pointers.set(event.pointerId, event);
    if (!other) return this.pan(event.clientX - before.clientX, event.clientY - before.clientY);
    const distance = (one: PointerEvent): number =>
      Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    this.zoom(distance(event) / Math.max(1, distance(before)), at);
  }

  private press(event: KeyboardEvent): void {
    const actions: Readonly<Record<string, () => void>> = {
      '+': () => this.zoom(ZOOM_STEP),
      '=': () => this.zoom(ZOOM_STEP),
      '-': () => this.zoom(1 / ZOOM_STEP),
      '0': () => this.fit(),
      '1': () => this.zoomTo(1),
      ArrowLeft: () => this.pan(PAN_STEP, 0),
      ArrowRight: () => this.pan(-PAN_STEP, 0),
      ArrowUp: () => this.pan(0, PAN_STEP),
      ArrowDown: () => this.pan(0, -PAN_STEP),
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    action();
  }
}

/** Paints the squares that show through transparent pixels. */
function checkerboard(
  context: CanvasRenderingContext2D,
  [left, top, width, height]: readonly [number, number, number, number],
  ratio: number,
): void {
  const side = Math.max(4, Math.round(8 * ratio));
  // Not an OffscreenCanvas: Chromium once in a while reports a height of 0 for a new one.
  const tile = document.createElement('canvas');
  [tile.width, tile.height] = [2 * side, 2 * side];
  const small = tile.getContext('2d');
  if (!small) return;
  const style = getComputedStyle(context.canvas);
  small.fillStyle = style.getPropertyValue('--check-light');
  small.fillRect(0, 0, 2 * side, 2 * side);
  small.fillStyle = style.getPropertyValue('--check-dark');
  small.fillRect(0, 0, side, side);
  small.fillRect(side, side, side, side);
  const pattern = context.createPattern(tile, 'repeat');
  if (!pattern) return;
  context.fillStyle = pattern;
  context.fillRect(left, top, width, height);
}
