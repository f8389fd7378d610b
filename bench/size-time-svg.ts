import { placeLabels } from './label-places.js';

/** Size and time of a codec at one effort. */
export interface Point {
  /** Points of a family share a colour and are connected. */
  family: string;
  label: string;
  bitsPerDim: number;
  /** CPU time relative to that of the reference encoder. */
  encode: number;
  /** The decoder's CPU time, on the same scale. */
  decode: number;
}

const WIDTH = 840;
const HEIGHT = 500;
const MARGIN = { left: 60, right: 30, top: 64, bottom: 128 };
/** Shorter times are drawn at this one: GNU time has a resolution of 10 ms. */
const SHORTEST = 0.01;

const STYLE = `
  svg { font-family: system-ui, sans-serif; font-size: 12px; }
  .background { fill: #ffffff; }
  .text { fill: #1f2328; }
  .note { fill: #59636e; font-size: 11px; }
  .grid { stroke: #d1d9e0; }
  .pixrnn { --colour: #b3261e; font-weight: 600; }
  .cjxl { --colour: #0b57b0; }
  .cwebp { --colour: #1a7f37; }
  .paq8px { --colour: #6e4bb8; }
  .label { fill: var(--colour); }
  .dot { fill: var(--colour); }
  .ring { fill: none; stroke: var(--colour); stroke-width: 1.5; }
  .line { fill: none; stroke: var(--colour); }
  .link { stroke: var(--colour); stroke-dasharray: 1 3; }
  @media (prefers-color-scheme: dark) {
    .background { fill: #0d1117; }
    .text { fill: #e6edf3; }
    .note { fill: #9198a1; }
    .grid { stroke: #30363d; }
    .pixrnn { --colour: #ff8b7e; }
    .cjxl { --colour: #79b8ff; }
    .cwebp { --colour: #56d364; }
    .paq8px { --colour: #c9b1ff; }
  }
`;

/**
 * Returns an SVG plot of bits/dim over CPU time (logarithmic) for light and dark pages: encoders as dots, decoders as
 * rings, the notes below.
 */
export function sizeTimeSvg(points: readonly Point[], notes: readonly string[]): string {
  const times = points.flatMap(({ encode, decode }) => [encode, decode]);
  const [from, to] = [Math.log10(SHORTEST), Math.log10(Math.max(...times)) + 0.25];
  const bits = points.map(({ bitsPerDim }) => bitsPerDim);
  const [low, high] = [Math.floor(Math.min(...bits) * 10 - 1) / 10, Math.ceil(Math.max(...bits) * 10 + 0.5) / 10];

  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const px = (time: number): number =>
    MARGIN.left + ((Math.log10(Math.max(SHORTEST, time)) - from) / (to - from)) * (right - MARGIN.left);
  const py = (value: number): number => MARGIN.top + ((high - value) / (high - low)) * (bottom - MARGIN.top);

  const rows = ticks(low, high).map(
    (value) =>
      line('grid', [MARGIN.left, py(value)], [right, py(value)]) +
      text('text', [MARGIN.left - 8, py(value) + 4], value.toFixed(1), 'end'),
  );
  const columns = Array.from({ length: Math.floor(to) - from + 1 }, (_, i) => 10 ** (from + i)).map(
    (value) =>
      line('grid', [px(value), MARGIN.top], [px(value), bottom]) +
      text(
        'text',
        [px(value), bottom + 18],
        `${value === 10 ** from ? '≤ ' : ''}${Number(value.toPrecision(1))}x`,
        'middle',
      ),
  );
  const dots = points.map(({ label, bitsPerDim, encode }) => ({ x: px(encode), y: py(bitsPerDim), label }));
  const rings = points.map(({ bitsPerDim, decode }) => ({ x: px(decode), y: py(bitsPerDim) }));
  const labels = placeLabels(dots, rings, { right, top: MARGIN.top });

  const families = [...new Set(points.map(({ family }) => family))].map((family) => {
    const members = points.map((_, i) => i).filter((i) => points[i]?.family === family);
    const path = members.map((i) => `${fixed(dots[i]?.x)},${fixed(dots[i]?.y)}`).join(' ');
    const marks = members.map((i) => {
      const [dot, ring, label] = [dots[i], rings[i], labels[i]];
      if (!dot || !ring || !label) return '';
      return (
        line('link', [dot.x, dot.y], [ring.x, ring.y]) +
        `<circle class="dot" cx="${fixed(dot.x)}" cy="${fixed(dot.y)}" r="4.5"/>` +
        `<circle class="ring" cx="${fixed(ring.x)}" cy="${fixed(ring.y)}" r="3.5"/>` +
        text('label', [label.x, label.y], dot.label)
      );
    });
    return `<g class="${family}"><polyline class="line" points="${path}"/>${marks.join('\n')}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">
<title>File size against CPU time of lossless codecs</title>
<style>${STYLE}</style>
<rect class="background" width="${WIDTH}" height="${HEIGHT}" rx="6"/>
${text('text', [20, 26], 'Size in bits/dim (smaller is better)')}
${text('note', [20, 44], '● compress   ○ decompress')}
${text('text', [right, bottom + 38], 'CPU time relative to cjxl -d 0 -e 9', 'end')}
${[...rows, ...columns, ...families].join('\n')}
${notes.map((note, i) => text('note', [20, bottom + 60 + 16 * i], note)).join('\n')}
</svg>
`;
}

type Position = readonly [x: number, y: number];

function line(name: string, [x1, y1]: Position, [x2, y2]: Position): string {
  return `<line class="${name}" x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}"/>`;
}

function text(name: string, [x, y]: Position, words: string, anchor: 'start' | 'middle' | 'end' = 'start'): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text class="${name}" x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${escaped}</text>`;
}

const fixed = (value = 0): string => value.toFixed(1);

/** Returns the multiples of 0.1 between `low` and `high`, or those of 0.2 if they are more than 1 apart. */
function ticks(low: number, high: number): number[] {
  const step = high - low > 1 ? 2 : 1;
  const values: number[] = [];
  for (let tenth = Math.ceil(low * 10); tenth <= Math.floor(high * 10 + 1e-9); tenth++) {
    if (tenth % step === 0) values.push(tenth / 10);
  }
  return values;
}
