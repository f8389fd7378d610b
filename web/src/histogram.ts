import type { Raster } from '#pixrnn/web/index.js';
import { h, svg } from './dom.js';
import type { Histogram } from './item.js';

const BINS = 256;
const NAMES: Readonly<Record<number, readonly (readonly [string, string])[]>> = {
  1: [['gray', '#8b86a3']],
  2: [
    ['gray', '#8b86a3'],
    ['alpha', '#38b6a4'],
  ],
  3: [
    ['red', '#f0466b'],
    ['green', '#2fbf71'],
    ['blue', '#4d7dff'],
  ],
  4: [
    ['red', '#f0466b'],
    ['green', '#2fbf71'],
    ['blue', '#4d7dff'],
    ['alpha', '#8b86a3'],
  ],
};

/** Counts the samples of each channel in 256 bins. */
export function histogramsOf({ channels, depth, samples }: Omit<Raster, 'width' | 'height'>): Histogram[] {
  const shift = Math.max(0, depth - 8);
  const counts = Array.from({ length: channels }, () => new Uint32Array(BINS));
  const spread = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  for (let i = 0, channel = 0; i < samples.length; i++) {
    counts[channel]![Math.round((samples[i]! >> shift) * spread)]! += 1;
    channel = channel + 1 === channels ? 0 : channel + 1;
  }
  return counts.map((count, c) => {
    const [name, colour] = NAMES[channels]![c]!;
    return { name, colour, counts: count };
  });
}

/** Draws the histograms over each other; the highest 0.5 % of the bins are cut off. */
export function drawHistogram(histograms: readonly Histogram[]): HTMLElement {
  const heights = histograms.flatMap(({ counts }) => [...counts]).sort((a, b) => a - b);
  const top = Math.max(1, heights[Math.floor(heights.length * 0.995)] ?? 1);
  const areas = histograms.map(({ counts, colour }) => {
    const points = [...counts].map((count, x) => `L${x},${(100 - 100 * Math.min(1, count / top)).toFixed(1)}`).join('');
    return svg('path', { d: `M0,100${points}L255,100Z`, fill: colour, class: 'area' });
  });
  const label = `Histogram of ${histograms.map(({ name }) => name).join(', ')}`;
  const image = svg('svg', { viewBox: '0 0 255 100', preserveAspectRatio: 'none', role: 'img', 'aria-label': label });
  image.append(...areas);
  return h('div', { class: 'histogram' }, image);
}
