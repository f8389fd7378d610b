/** Cost of coding images of several sizes with one model. */
export interface CostLine {
  readonly name: string;
  readonly macsPerPixel: number;
  readonly points: readonly { readonly pixels: number; readonly seconds: number }[];
}

const WIDTH = 880;
const HEIGHT = 480;
const MARGIN = { left: 64, top: 40, bottom: 64 };
const COLOURS = ['#c30', '#e80', '#27c', '#4ad', '#383', '#8b4', '#939', '#c6a', '#666', '#a75', '#068', '#b22'];
const LINE_HEIGHT = 13;
/** Width of a label character in pixels: that of a wide sans serif, because the reader's font is unknown. */
const CHARACTER_WIDTH = 6.9;
/** Distance from the end of the longest line to the labels, in pixels. */
const LABEL_GAP = 30;

/**
 * Plots seconds over pixels on logarithmic axes, one line per model: cost that is linear in pixels rises by one decade
 * per decade.
 */
export function engineCostSvg(lines: readonly CostLine[], note: string): string {
  const all = lines.flatMap(({ points }) => points);
  const decades = (values: readonly number[]): [number, number] => [
    Math.floor(Math.log10(Math.min(...values))),
    Math.ceil(Math.log10(Math.max(...values))),
  ];
  const x0 = Math.floor(Math.log10(Math.min(...all.map(({ pixels }) => pixels))));
  const x1 = Math.log10(Math.max(...all.map(({ pixels }) => pixels)));
  const [y0, y1] = decades(all.map(({ seconds }) => seconds));
  const labels = new Map(lines.map((entry) => [entry, labelOf(entry)]));
  const labelWidth = Math.max(...[...labels.values()].map(({ length }) => length)) * CHARACTER_WIDTH;
  const [right, bottom] = [WIDTH - LABEL_GAP - labelWidth, HEIGHT - MARGIN.bottom];
  const px = (pixels: number): number => MARGIN.left + ((Math.log10(pixels) - x0) / (x1 - x0)) * (right - MARGIN.left);
  const py = (seconds: number): number => bottom - ((Math.log10(seconds) - y0) / (y1 - y0)) * (bottom - MARGIN.top);
  const line = (from: [number, number], to: [number, number]): string =>
    `<line x1="${from[0].toFixed(1)}" y1="${from[1].toFixed(1)}" x2="${to[0].toFixed(1)}" y2="${to[1].toFixed(1)}" stroke="#ddd"/>`;
  const text = (x: number, y: number, words: string, rest = ''): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${rest}>${words}</text>`;

  const columns = Array.from({ length: Math.floor(x1) - x0 + 1 }, (_, i) => 10 ** (x0 + i)).map(
    (pixels) =>
      line([px(pixels), MARGIN.top], [px(pixels), bottom]) +
      text(px(pixels), bottom + 16, pixels.toLocaleString('en'), 'text-anchor="middle"'),
  );
  const rows = Array.from({ length: y1 - y0 + 1 }, (_, i) => 10 ** (y0 + i)).map(
    (seconds) =>
      line([MARGIN.left, py(seconds)], [right, py(seconds)]) +
      text(MARGIN.left - 6, py(seconds) + 4, `${Number(seconds.toPrecision(1))} s`, 'text-anchor="end"'),
  );
  // Labels stand next to the line ends, slowest model first, without overlap.
  const ends = lines
    .map((entry, i) => ({ entry, colour: COLOURS[i % COLOURS.length] ?? 'black', end: entry.points.at(-1) }))
    .sort((a, b) => (b.end?.seconds ?? 0) - (a.end?.seconds ?? 0));
  const heights = ends.flatMap(({ end }) => (end ? [py(end.seconds)] : []));
  const middle = (Math.min(...heights) + Math.max(...heights)) / 2;
  const highest = Math.max(MARGIN.top, middle - ((ends.length - 1) * LINE_HEIGHT) / 2);
  const curves = ends.map(({ entry, colour, end }, i) => {
    const path = entry.points.map(({ pixels, seconds }) => `${px(pixels).toFixed(1)},${py(seconds).toFixed(1)}`);
    const marks = entry.points.map(
      ({ pixels, seconds }) =>
        `<circle cx="${px(pixels).toFixed(1)}" cy="${py(seconds).toFixed(1)}" r="2.5" fill="${colour}"/>`,
    );
    const y = highest + i * LINE_HEIGHT;
    const joint = end
      ? line([px(end.pixels) + 4, py(end.seconds)], [right + LABEL_GAP - 4, y]).replace('#ddd', colour)
      : '';
    return (
      `<polyline fill="none" stroke="${colour}" points="${path.join(' ')}"/>${marks.join('')}${joint}` +
      text(right + LABEL_GAP, y + 4, labels.get(entry) ?? '', `fill="${colour}"`)
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11">
<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>
${text(MARGIN.left, 22, 'Seconds over pixels in the engine', 'font-size="13"')}
${[...columns, ...rows, ...curves].join('\n')}
${text(MARGIN.left, HEIGHT - 14, note, 'font-size="10"')}
</svg>
`;
}

/** Returns the model's name and its speed on the largest image. */
function labelOf({ name, macsPerPixel, points }: CostLine): string {
  const end = points.at(-1);
  const speed = end ? (macsPerPixel * end.pixels) / end.seconds / 1e9 : 0;
  return `${name}, ${speed.toFixed(1)} GMAC/s`;
}
