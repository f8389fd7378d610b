import { withPool } from '../../codec/coding-options.js';
import { type DatasetName, datasetSource, loadDataset } from '../../datasets/dataset.js';
import type { Effort } from '../../effort.js';
import { PixrnnError } from '../../errors.js';
import { modelFor } from '../../model/registry.js';
import { measureCoded, measureLikelihood } from '../../report/dataset-report.js';
import { datasetJson, datasetTable } from '../../report/dataset-table.js';
import { printJson } from '../batch.js';
import { startCount } from '../count-progress.js';
import { formatCount } from '../messages.js';
import { modelOf } from '../model-argument.js';
import type { CodingArguments } from '../options.js';
import { DEFAULT_CODED } from '../report-options.js';
import { standard } from '../streams.js';

/** The options of `report --dataset`. */
export interface DatasetReportArguments extends CodingArguments {
  dataset: DatasetName | undefined;
  data: string | undefined;
  images: number | undefined;
  coded: number | undefined;
  effort: number | undefined;
}

/** `report --dataset`: likelihood and coded bytes of a data set's test images. */
export async function reportDataset(name: DatasetName, args: DatasetReportArguments): Promise<void> {
  const { images, coded } = numbersOf(name, args);
  // The figures of the paper are those of the model alone.
  const effort = (args.effort ?? 1) as Effort;
  const model = (await modelOf(args)) ?? (await modelFor(datasetSource(name).shape.channels, effort));
  const set = await loadDataset(name, 'test', { folder: args.data });
  await withPool({ threads: args.threads }, async (pool) => {
    const counting = async <T>(
      what: string,
      measure: (onImage: (done: number, total: number) => void) => Promise<T>,
    ) => {
      const progress = startCount(what, args.quiet);
      return measure(progress.update).finally(progress.stop);
    };
    const likelihoods = [];
    for (const level of effort === 1 ? ([1] as const) : ([1, effort] as const)) {
      likelihoods.push(
        await counting(`likelihood, effort ${level}`, (onImage) =>
          measureLikelihood(set, images, level, { model, pool, onImage }),
        ),
      );
    }
    const files = await counting('coding', async (onImage) =>
      coded === 0 ? null : measureCoded(set, coded, effort, { model, pool, onImage }),
    );
    const figures = { set, model, likelihoods, coded: files };
    if (args.json) printJson(datasetJson(figures));
    else standard.stdout.write(datasetTable(figures));
  });
}

/**
 * Returns the numbers of images to measure and to code.
 * @throws PixrnnError 'usage'
 */
function numbersOf(name: DatasetName, args: DatasetReportArguments): { images: number; coded: number } {
  const max = datasetSource(name).counts.test;
  const { images = max, coded = Math.min(DEFAULT_CODED, images) } = args;
  for (const [option, count, min] of [
    ['images', images, 1],
    ['coded', coded, 0],
  ] as const) {
    if (!Number.isInteger(count) || count < min || count > max) {
      throw new PixrnnError('usage', `--${option} must be an integer from ${min} to ${formatCount(max)}.`);
    }
  }
  return { images, coded };
}
