import { placeLabels } from './label-places.js';

/** What one codec at one effort costs and gives. */
export interface Point {
  /** Points of a family have one colour and are joined. */
  family: string;
  label: string;
  bitsPerDim: number;
  encode: number;
  decode: number;
}

const WIDTH = 800;
const HEIGHT = 476;
const MARGIN = { left: 56, right: 96, top: 40, bottom: 100 };
/** GNU time counts in such steps; less cannot be told apart. */
const SHORTEST_SECONDS = 0.01;
const COLOURS: Readonly<Record<string, string>> = {
  pixrnn: '#c30',
  cjxl: '#27c',
  cwebp: '#383',
  paq8px: '#666',
};

/** Bits/dim over seconds (logarithmic) as SVG: encoding as dots, decoding as rings; the notes stand below. */
export function sizeTimeSvg(points: readonly Point[], notes: readonly string[]): string {
  const times = points.flatMap(({ encode, decode }) => [encode, decode].map(atLeastShortest));
  const [from, to] = [Math.floor(Math.log10(Math.min(...times))), Math.log10(Math.max(...times))];
  const bits = points.map(({ bitsPerDim }) => bitsPerDim);
  const [low, high] = [Math.floor(Math.min(...bits) * 10 - 0.5) / 10, Math.ceil(Math.max(...bits) * 10 + 0.5) / 10];

  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const px = (seconds: number): string =>
    (MARGIN.left + ((Math.log10(atLeastShortest(seconds)) - from) / (to - from)) * (right - MARGIN.left)).toFixed(1);
  const py = (value: number): string =>
    (MARGIN.top + ((high - value) / (high - low)) * (bottom - MARGIN.top)).toFixed(1);
  const text = (x: string | number, y: string | number, words: string, rest = ''): string =>
    `<text x="${x}" y="${y}" ${rest}>${escaped(words)}</text>`;

  const rows = ticks(low, high).map(
    (value) =>
      `<line x1="${MARGIN.left}" x2="${right}" y1="${py(value)}" y2="${py(value)}" stroke="#ddd"/>` +
      text(MARGIN.left - 6, py(value), value.toFixed(1), 'text-anchor="end" dominant-baseline="middle"'),
  );
  const columns = Array.from({ length: Math.floor(to) - from + 1 }, (_, i) => 10 ** (from + i)).map(
    (value) =>
      `<line x1="${px(value)}" x2="${px(value)}" y1="${MARGIN.top}" y2="${bottom}" stroke="#ddd"/>` +
      text(px(value), bottom + 16, `${Number(value.toPrecision(1))} s`, 'text-anchor="middle"'),
  );
  const families = [...new Set(points.map(({ family }) => family))].map((family) => {
    const path = points.filter((point) => point.family === family).map((p) => `${px(p.encode)},${py(p.bitsPerDim)}`);
    return `<polyline fill="none" stroke="${colourOf(family)}" points="${path.join(' ')}"/>`;
  });
  const places = placeLabels(
    points.map(({ label, bitsPerDim, encode, decode }) => ({
      x: Number(px(Math.max(encode, decode))),
      y: Number(py(bitsPerDim)),
      label,
    })),
  );
  const marks = points.map(({ family, label, bitsPerDim, encode, decode }, i) => {
    const [colour, y] = [colourOf(family), py(bitsPerDim)];
    const place = places[i] ?? { x: 0, y: 0 };
    return (
      `<line x1="${px(encode)}" x2="${px(decode)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-dasharray="1 3"/>` +
      `<circle cx="${px(encode)}" cy="${y}" r="4.5" fill="${colour}"/>` +
      `<circle cx="${px(decode)}" cy="${y}" r="3.5" fill="white" stroke="${colour}"/>` +
      text(place.x.toFixed(1), place.y.toFixed(1), label, `fill="${colour}"`)
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11">
<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>
${text(MARGIN.left, 22, 'Bits/dim over seconds for an image of 768 x 512: dots encode, rings decode', 'font-size="13"')}
${[...rows, ...columns, ...families, ...marks].join('\n')}
${notes.map((note, i) => text(MARGIN.left, bottom + 40 + 16 * i, note, 'font-size="10"')).join('\n')}
</svg>
`;
}

/** The multiples of 0.1 between the two, or those of 0.2 where they are more than 1 apart. */
function ticks(low: number, high: number): number[] {
  const step = high - low > 1 ? 2 : 1;
  const values: number[] = [];
  for (let tenth = Math.ceil(low * 10); tenth <= Math.floor(high * 10 + 1e-9); tenth++) {
    if (tenth % step === 0) values.push(tenth / 10);
  }
  return values;
}

function atLeastShortest(seconds: number): number {
  return Math.max(SHORTEST_SECONDS, seconds);
}

function colourOf(family: string): string {
  return COLOURS[family] ?? 'black';
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
