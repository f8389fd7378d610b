/// <reference lib="dom.iterable" />
/* The script of the page that `pixrnn report --html` writes. It is inlined as compiled. */

const MAX_ZOOM = 64;
const ZOOM_STEP = 1.5;
/** Fraction of a pane that an arrow key pans by. */
const PAN_STEP = 0.1;
/** Zoom factor from which pixels are shown without interpolation. */
const SQUARES_FROM = 2;

/** The visible part of an image: zoom factor, and offset in widths and heights of the pane. */
interface View {
  scale: number;
  x: number;
  y: number;
}

for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) makeSortable(table);
for (const scroll of document.querySelectorAll<HTMLElement>('.scroll')) showHiddenColumns(scroll);
for (const pair of document.querySelectorAll<HTMLElement>('.pair')) makeZoomable(pair);

/** Sorts rows by the column whose heading is clicked, first ascending, then descending; empty cells come last. */
function makeSortable(table: HTMLTableElement): void {
  const headings = [...table.querySelectorAll<HTMLTableCellElement>('thead th')];
  headings.forEach((heading, column) => {
    heading.querySelector('button')?.addEventListener('click', () => {
      const direction = heading.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
      for (const other of headings) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', direction);
      sortRows(table, column, direction === 'ascending' ? 1 : -1);
    });
  });
}

function sortRows(table: HTMLTableElement, column: number, sign: number): void {
  const body = table.tBodies[0];
  if (!body) return;
  const key = (row: HTMLTableRowElement): string => row.cells[column]?.dataset['key'] ?? '';
  const rows = [...body.rows].sort((a, b) => {
    const [first, second] = [key(a), key(b)];
    if (first === '' || second === '') return Number(first === '') - Number(second === '');
    const [m, n] = [Number(first), Number(second)];
    const order = Number.isNaN(m) || Number.isNaN(n) ? first.localeCompare(second, 'en', { numeric: true }) : m - n;
    return sign * order;
  });
  body.append(...rows);
}

/** Shows the number of hidden columns above a table that is wider than the window, and fades its right edge: not every browser shows scrollbars. */
function showHiddenColumns(scroll: HTMLElement): void {
  const hint = document.createElement('p');
  hint.className = 'more';
  scroll.before(hint);
  const headings = [...scroll.querySelectorAll('thead th')];
  const update = (): void => {
    const { left, right } = scroll.getBoundingClientRect();
    // The first column is sticky and covers the columns that scroll below it.
    const covered = scroll.querySelector('tbody th')?.getBoundingClientRect().right ?? left;
    const boxes = headings.slice(1).map((heading) => heading.getBoundingClientRect());
    const before = boxes.filter((box) => box.left < covered - 2).length;
    const after = boxes.filter((box) => box.right > right + 2).length;
    const parts = [
      ...(before > 0 ? [`← ${before} hidden ${before === 1 ? 'column' : 'columns'}`] : []),
      ...(after > 0 ? [`${after} hidden ${after === 1 ? 'column' : 'columns'} →`] : []),
    ];
    hint.textContent = parts.join(' · ');
    hint.hidden = parts.length === 0;
    scroll.classList.toggle('more-right', after > 0);
  };
  scroll.addEventListener('scroll', update, { passive: true });
  new ResizeObserver(update).observe(scroll);
  update();
}

/** Synchronizes zoom and position of an image and its heat map; handles buttons, keys, wheel and dragging. */
function makeZoomable(pair: HTMLElement): void {
  const view: View = { scale: 1, x: 0, y: 0 };
  const panes = [...pair.querySelectorAll<HTMLElement>('.pane')];
  const shown = pair.querySelector('output');
  const change = (scale: number, x: number, y: number): void => {
    view.scale = Math.min(MAX_ZOOM, Math.max(1, scale));
    view.x = Math.min(0, Math.max(1 - view.scale, x));
    view.y = Math.min(0, Math.max(1 - view.scale, y));
    for (const image of pair.querySelectorAll<HTMLElement>('.pane img')) {
      image.style.transform = `translate(${100 * view.x}%, ${100 * view.y}%) scale(${view.scale})`;
      image.classList.toggle('squares', view.scale >= SQUARES_FROM);
    }
    for (const pane of panes) pane.classList.toggle('zoomed', view.scale > 1);
    if (shown) shown.textContent = `× ${view.scale.toFixed(1)}`;
  };
  /** Zooms around a point, given in widths and heights of the pane. */
  const zoom = (factor: number, px = 0.5, py = 0.5): void => {
    const scale = Math.min(MAX_ZOOM, Math.max(1, view.scale * factor));
    const ratio = scale / view.scale;
    change(scale, px - (px - view.x) * ratio, py - (py - view.y) * ratio);
  };
  const overlay = pair.querySelector<HTMLInputElement>('.overlay input');
  overlay?.addEventListener('input', () => {
    showBelow(panes);
    const map = panes[1]?.querySelector<HTMLElement>('img:last-child');
    if (map) map.style.opacity = String(1 - overlay.valueAsNumber / 100);
    change(view.scale, view.x, view.y);
  });
  const pan = (dx: number, dy: number): void => change(view.scale, view.x + dx, view.y + dy);
  const reset = (): void => change(1, 0, 0);

  const actions: Readonly<Record<string, () => void>> = {
    in: () => zoom(ZOOM_STEP),
    out: () => zoom(1 / ZOOM_STEP),
    reset,
  };
  for (const button of pair.querySelectorAll<HTMLButtonElement>('button[data-action]')) {
    button.addEventListener('click', () => actions[button.dataset['action'] ?? '']?.());
  }
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => zoom(ZOOM_STEP),
    '=': () => zoom(ZOOM_STEP),
    '-': () => zoom(1 / ZOOM_STEP),
    '0': reset,
    ArrowLeft: () => pan(PAN_STEP, 0),
    ArrowRight: () => pan(-PAN_STEP, 0),
    ArrowUp: () => pan(0, PAN_STEP),
    ArrowDown: () => pan(0, -PAN_STEP),
  };
  for (const pane of panes) {
    const place = (event: MouseEvent): [number, number] => {
      const box = pane.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    };
    pane.addEventListener('keydown', (event) => {
      const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
      if (!action) return;
      action();
      event.preventDefault();
    });
    // The wheel zooms only a focused pane, so that the page still scrolls when the pointer crosses one.
    pane.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey && !event.metaKey && document.activeElement !== pane) return;
        zoom(2 ** (-event.deltaY / 240), ...place(event));
        event.preventDefault();
      },
      { passive: false },
    );
    pane.addEventListener('dblclick', (event) => zoom(2, ...place(event)));
    pane.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      pane.setPointerCapture(event.pointerId);
    });
    pane.addEventListener('pointermove', (event) => {
      if (!pane.hasPointerCapture(event.pointerId)) return;
      const box = pane.getBoundingClientRect();
      pan(event.movementX / box.width, event.movementY / box.height);
    });
  }
}

/** Puts a copy of the image below the heat map, once. */
function showBelow([image, map]: readonly HTMLElement[]): void {
  const picture = image?.querySelector('img');
  if (!picture || !map || map.querySelector('.under')) return;
  const copy = picture.cloneNode() as HTMLImageElement;
  copy.classList.add('under');
  copy.alt = '';
  map.prepend(copy);
}
