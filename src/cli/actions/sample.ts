import type { Size } from '../../subsample.js';
import { PixrnnError } from '../../errors.js';
import { idText } from '../../model/model.js';
import { requireDrawable } from '../../sampling/draw-image.js';
import { gridFile } from '../../sampling/grid-file.js';
import { drawGrid, gridSize } from '../../sampling/grid.js';
import { drawnDepth, sampleImages, usualSize } from '../../sampling/sample-images.js';
import { printJson } from '../batch.js';
import { formatBytes, formatNumber } from '../messages.js';
import { modelNamed } from '../model-argument.js';
import { displayTarget, writeTarget } from '../output.js';
import { startProgress } from '../progress.js';
import { checkCount, checkDrawing, type DrawingArguments, gridTarget } from '../sampling-options.js';
import { standard } from '../streams.js';

interface SampleArguments extends DrawingArguments {
  size: string | undefined;
  columns: number;
}

/** `pixrnn sample`. */
export async function runSampling(args: SampleArguments): Promise<void> {
  const began = performance.now();
  checkDrawing(args);
  checkCount('columns', args.columns, 1000);
  const given = args.size === undefined ? undefined : parseSize(args.size);
  const target = gridTarget(args);
  const { count, seed, temperature, threads } = args;
  const model = await modelNamed(args.model);
  const size = given ?? usualSize(model);
  requireDrawable(size);
  const columns = Math.min(args.columns, count);
  gridSize(size, columns, Math.ceil(count / columns));

  const progress = startProgress(args.out, args.quiet, ['drawing']);
  const images = await sampleImages(model, size, count, {
    ...{ seed, temperature, threads },
    onProgress: progress.update,
  }).finally(progress.stop);
  const rows = Array.from({ length: Math.ceil(count / columns) }, (_, row) =>
    images.slice(row * columns, (row + 1) * columns),
  );
  const grid = drawGrid(rows, { ...size, channels: model.spec.channels, depth: drawnDepth(model) });
  const what = `${formatNumber(count, 'image')} of ${size.width} x ${size.height}`;
  const file = await gridFile(grid, what, { model, seed, temperature });
  await writeTarget(target, file);

  if (args.json) {
    const seconds = (performance.now() - began) / 1000;
    printJson({
      ...{ output: args.out, model: { id: idText(model.id), name: model.name }, count, ...size, columns },
      ...{ channels: model.spec.channels, seed, temperature, bytes: file.length, seconds },
    });
  } else if (!args.quiet) {
    const by = `model ${model.name}, seed ${seed}, temperature ${temperature}`;
    standard.stderr.write(`${displayTarget(args.out)}  ${what}, ${by}  ${formatBytes(file.length)}\n`);
  }
}

/**
 * Parses "32x32".
 * @throws PixrnnError 'usage'
 */
function parseSize(text: unknown): Size {
  const match = typeof text === 'string' ? /^([1-9]\d{0,6})x([1-9]\d{0,6})$/i.exec(text) : null;
  if (match) return { width: Number(match[1]), height: Number(match[2]) };
  throw new PixrnnError('usage', '--size must be a width and a height in pixels, such as 32x32.');
}
