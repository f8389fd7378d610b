import { escapeHtml } from './escape.js';

/** Content of a histogram. */
export interface Histogram {
  readonly title: string;
  /** Value of each bin; the bins divide 0 to `max` on the horizontal axis into equal parts. */
  readonly bins: readonly number[];
  readonly max: number;
  readonly unit: string;
  /** The largest value as text, for the vertical axis. */
  readonly peak: string;
}

const WIDTH = 460;
const HEIGHT = 170;
const MARGIN = { left: 44, right: 12, top: 12, bottom: 34 };
const TICKS = 4;

/** Returns a histogram as SVG, in the colours of the page. */
export function histogramSvg({ title, bins, max, unit, peak }: Histogram): string {
  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const largest = Math.max(...bins, Number.MIN_VALUE);
  const step = (right - MARGIN.left) / bins.length;
  const shapes = bins.map((value, index) => {
    if (value === 0) return '';
    const height = Math.max(0.5, (value / largest) * (bottom - MARGIN.top));
    const [x, y] = [MARGIN.left + index * step, bottom - height];
    return `<rect x="${x.toFixed(2)}" y="${y.toFixed(2)}" width="${Math.max(0.5, step - 0.6).toFixed(2)}" height="${height.toFixed(2)}"/>`;
  });
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => {
    const x = MARGIN.left + ((right - MARGIN.left) * index) / TICKS;
    const anchor = index === TICKS ? 'end' : index === 0 ? 'start' : 'middle';
    const value = Number(((max * index) / TICKS).toPrecision(4));
    return (
      `<line x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 4}"/>` +
      `<text x="${x}" y="${bottom + 16}" text-anchor="${anchor}">${value}</text>`
    );
  });
  return (
    `<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(`${title}; maximum ${peak}`)}">` +
    `<g class="bins">${shapes.join('')}</g>` +
    `<line x1="${MARGIN.left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>${ticks.join('')}` +
    `<text x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 3}" text-anchor="middle">${escapeHtml(unit)}</text>` +
    `<text x="${MARGIN.left - 6}" y="${MARGIN.top + 8}" text-anchor="end">${escapeHtml(peak)}</text></svg>`
  );
}
