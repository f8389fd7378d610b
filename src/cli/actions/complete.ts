import { PixrnnError } from '../../errors.js';
import { idText, type Model } from '../../model/model.js';
import { completeImages, knownHalf, requireCompletable } from '../../sampling/complete-image.js';
import type { Side } from '../../sampling/limits.js';
import { gridFile } from '../../sampling/grid-file.js';
import { type Cell, drawGrid, gridSize, occluded } from '../../sampling/grid.js';
import { printJson } from '../batch.js';
import { displayName, formatBytes, formatNumber } from '../messages.js';
import { modelNamed } from '../model-argument.js';
import { namedFiles } from '../named-files.js';
import type { LimitingArguments } from '../options.js';
import { displayTarget, refuseInputs, writeTarget } from '../output.js';
import { startProgress } from '../progress.js';
import { checkDrawing, type DrawingArguments, gridTarget } from '../sampling-options.js';
import { type ImageToComplete, inFile, readImageToComplete, readMask } from '../images-to-complete.js';
import { standard } from '../streams.js';

interface CompleteArguments extends DrawingArguments, LimitingArguments {
  images: string[];
  keep: Side | undefined;
  mask: string | undefined;
}

/** `pixrnn complete`. */
export async function runCompletion(args: CompleteArguments): Promise<void> {
  const began = performance.now();
  checkDrawing(args);
  if (args.keep === undefined && args.mask === undefined) {
    throw new PixrnnError('usage', 'the known pixels are not specified. Use --keep or --mask.');
  }
  refuseInputs(args.out, [...namedFiles(args.images), ...(args.mask === undefined ? [] : [args.mask])]);
  const target = gridTarget(args);
  const { count, seed, temperature, threads } = args;
  const model = await modelNamed(args.model);
  const images = await readImages(args, model);
  const cell = cellOf(images);
  gridSize(cell, count + 2, images.length);
  const known =
    args.keep === undefined ? await readMask(args.mask, cell, args['max-pixels']) : knownHalf(cell, args.keep);

  const progress = startProgress(args.out, args.quiet, ['drawing']);
  const completions = await completeImages(
    model,
    images.map(({ raster }) => ({ raster, known })),
    count,
    { seed, temperature, threads, onProgress: progress.update },
  ).finally(progress.stop);
  const rows = images.map(({ raster: { samples } }, i) => [
    occluded(samples, known, cell),
    ...(completions[i] ?? []),
    samples,
  ]);
  const what = `${formatNumber(count, 'completion')} of ${formatNumber(images.length, 'image')}`;
  const file = await gridFile(drawGrid(rows, cell), what, { model, seed, temperature });
  await writeTarget(target, file);

  const share = known.reduce((sum, isKnown) => sum + isKnown, 0) / known.length;
  if (args.json) {
    const { width, height, channels, depth } = cell;
    const seconds = (performance.now() - began) / 1000;
    printJson({
      ...{ files: images.map((image) => image.file), output: args.out, width, height, channels, depth },
      ...{ model: { id: idText(model.id), name: model.name }, count, seed, temperature, known: share },
      ...{ bytes: file.length, seconds },
    });
  } else if (!args.quiet) {
    const names = `${images.map((image) => displayName(image.file)).join(', ')} -> ${displayTarget(args.out)}`;
    const by = `${Math.round(100 * share)} % known, model ${model.name}, seed ${seed}, temperature ${temperature}`;
    standard.stderr.write(`${names}  ${count} each, ${by}  ${formatBytes(file.length)}\n`);
  }
}

/** Reads the images in sequence, because each may be large; the first unsuitable one is reported. */
async function readImages(args: CompleteArguments, model: Model): Promise<ImageToComplete[]> {
  const images: ImageToComplete[] = [];
  for (const file of namedFiles(args.images)) {
    const image = await readImageToComplete(file, args['max-pixels']);
    await inFile(file, () => requireCompletable(model, image.raster));
    images.push(image);
  }
  return images;
}

/**
 * Returns the size, depth and channels that the images share.
 * @throws PixrnnError 'usage' if sizes or depths differ
 */
function cellOf(images: readonly ImageToComplete[]): Cell {
  const [first] = images;
  if (!first) throw new PixrnnError('usage', 'no images found. Name one.');
  const { width, height, depth, channels } = first.raster;
  const other = images.find(
    ({ raster }) => raster.width !== width || raster.height !== height || raster.depth !== depth,
  );
  if (!other) return { width, height, depth, channels: channels >= 3 ? 3 : 1 };
  const [one, two] = [first, other].map(
    ({ raster: r }) => `${r.width} x ${r.height} with ${formatNumber(r.depth, 'bit')} per sample`,
  );
  const what = `it is ${two}, but ${displayName(first.file)} is ${one}`;
  throw new PixrnnError('usage', `${displayName(other.file)}: ${what}. Complete them separately.`);
}
