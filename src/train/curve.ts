import { readFile } from 'node:fs/promises';

/** One line of the log: bits/dim on the training crops since the previous line, and on the held-out images. */
export interface CurvePoint {
  readonly step: number;
  /** Seconds spent in steps since the start of the run. */
  readonly seconds: number;
  readonly train: number;
  /** null if not measured. */
  readonly heldOut: number | null;
}

const WIDTH = 720;
const HEIGHT = 360;
const MARGIN = 48;

/** Returns the learning curve of a log as SVG. */
export async function curveSvg(logPath: string): Promise<string> {
  const lines = (await readFile(logPath, 'utf8')).split('\n').filter((line) => line.length > 0);
  return drawCurve(lines.map((line) => JSON.parse(line) as CurvePoint));
}

/** Returns the plot of bits/dim over steps as SVG; the initial drop is clipped so that the rest stays readable. */
export function drawCurve(points: readonly CurvePoint[]): string {
  const values = points.flatMap((p) => [p.train, p.heldOut]).filter(isMeasured);
  const lowest = values.length > 0 ? Math.min(...values) : 0;
  const sorted = [...values].sort((a, b) => a - b);
  const low = Math.floor(lowest * 20) / 20;
  const high = Math.max(low + 0.1, Math.ceil((sorted[Math.floor(sorted.length * 0.95)] ?? low) * 20) / 20);
  const steps = Math.max(1, points.at(-1)?.step ?? 1);
  const px = (step: number): string => (MARGIN + (step / steps) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const py = (v: number): string =>
    (HEIGHT - MARGIN - ((Math.min(v, high) - low) / (high - low)) * (HEIGHT - 2 * MARGIN)).toFixed(1);
  const line = (key: 'train' | 'heldOut', colour: string): string => {
    const path = points.flatMap((p) => (isMeasured(p[key]) ? [`${px(p.step)},${py(p[key])}`] : []));
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${path.join(' ')}"/>`;
  };
  const ticks = Array.from({ length: 5 }, (_, i) => low + ((high - low) * i) / 4).map(
    (v) =>
      `<line x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${py(v)}" y2="${py(v)}" stroke="#ddd"/>` +
      `<text x="${MARGIN - 6}" y="${py(v)}" text-anchor="end" dominant-baseline="middle">${v.toFixed(3)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11">
<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>
${ticks.join('\n')}
${line('train', '#9ab')}
${line('heldOut', '#c30')}
<text x="${MARGIN}" y="20" font-size="13">bits/dim over steps: training crops (blue), held-out images, measured by the engine (red)</text>
<text x="${MARGIN}" y="${HEIGHT - 16}">0</text>
<text x="${WIDTH - MARGIN}" y="${HEIGHT - 16}" text-anchor="end">${steps} steps, ${points.at(-1)?.seconds ?? 0} s</text>
</svg>
`;
}

function isMeasured(value: number | null): value is number {
  return Number.isFinite(value);
}
