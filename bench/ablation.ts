import '#pixrnn/node/install.js';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Effort } from '#pixrnn/effort.js';
import { FLAG_LEARNING, FLAG_MIXER } from '#pixrnn/engine/flags.js';
import { compileEngine, Engine, type MeasureOptions, type TileSamples } from '#pixrnn/engine/engine.js';
import { createModel, type Model } from '#pixrnn/model/model.js';
import { namedModel } from '#pixrnn/node/model-file.js';
import { modelFor } from '#pixrnn/model/registry.js';
import { listImages, OVERALL_SETS } from './data-set.js';
import { cpuModel, gitCommit, today } from './environment.js';
import { fixed, markdownFile, markdownTable, seconds, writeReport } from './markdown.js';
import { countOption, listOption, runMain } from './options.js';
import { type Pixels, readPixels } from './pixels.js';
import { mean, secondsAtKodakSize } from './statistics.js';

const HELP = `Measures what each part of the model contributes at each effort: bits/dim and CPU seconds of everything, without the mixer's
trained start, without learning, without the mixer, without both, and of PixelCNN with and without the mixer. Least
squares always run: the network's inputs are computed from them. Run from the root of the repository.

npm run bench:ablation -- [options]
  --sets LIST    sets (${OVERALL_SETS.join(',')})
  --limit N      the first N images of each set (2)
  --data DIR     directory of the sets (../shared/data)
  --efforts LIST efforts (4,3,2; effort 1 is the network alone of effort 2)
  --out FILE     write the table here instead of to standard output
`;

/** One way to code an image. */
interface Variant {
  label: string;
  model: Model;
  options: MeasureOptions;
}

/** The cost and the quality of a variant on one image. */
interface Figures {
  bitsPerDim: number;
  /** CPU time, scaled to an image of Kodak's size. */
  seconds: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sets: { type: 'string', default: OVERALL_SETS.join(',') },
      limit: { type: 'string' },
      data: { type: 'string', default: '../shared/data' },
      efforts: { type: 'string', default: '4,3,2' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const efforts = listOption(values.efforts).map(Number) as Effort[];
  const images = await listImages(values.data, listOption(values.sets), countOption('limit', values.limit, 2));
  const pixels = await Promise.all(images.map(({ set, file }) => readPixels(join(values.data, set, file))));
  const engine = await Engine.create(await compileEngine());

  const lines: string[][] = [];
  for (const variants of [...(await Promise.all(efforts.map(variantsOf))), await pixelCnns()]) {
    let whole: Figures[] | null = null;
    for (const variant of variants) {
      process.stderr.write(`${variant.label}: `);
      const figures = measure(engine, variant, pixels);
      whole ??= figures;
      const line = [variant.label, ...cells(figures, whole)];
      process.stderr.write(`${line.slice(1).join(', ')}\n`);
      lines.push(line);
    }
  }
  const subject = `Commit ${await gitCommit()}, ${today()}, ${cpuModel()}`;
  const files = images.map(({ set, file }) => `${set}/${file}`).join(', ');
  const report = await markdownFile([
    `${subject}. Mean over ${files}: bits/dim by the likelihood, size against that of everything at the same effort (mean of the ratios), and CPU ` +
      'seconds one way, scaled to 768 x 512 pixels.',
    markdownTable(['Model', 'Bits/dim', 'Size', 'CPU seconds'], lines),
  ]);
  await writeReport(report, values.out);
}

/** Everything comes first. */
async function variantsOf(effort: Effort): Promise<Variant[]> {
  const model = await modelFor(3, effort);
  const untrained = createModel(`${model.name}, mixer untrained`, model.spec, model.tensors, model.notes);
  const name = `effort ${effort}`;
  return [
    { label: `${name}, everything (${model.name})`, model, options: { effort } },
    { label: `${name} without the mixer's trained start`, model: untrained, options: { effort } },
    { label: `${name} without learning`, model, options: { flags: FLAG_MIXER } },
    { label: `${name} without mixer`, model, options: { flags: FLAG_LEARNING } },
    { label: `${name}, network alone`, model, options: { flags: 0 } },
  ];
}

async function pixelCnns(): Promise<Variant[]> {
  const model = await namedModel('pixelcnn-rgb');
  return [
    { label: 'PixelCNN with mixer', model, options: { effort: 2 } },
    { label: 'PixelCNN alone', model, options: { effort: 1 } },
  ];
}

function measure(engine: Engine, { model, options }: Variant, pixels: readonly Pixels[]): Figures[] {
  engine.measure(model, { width: 8, height: 8, channels: 3, depth: 8, samples: new Uint8Array(192) }, options); // loads the model
  return pixels.map(({ width, height, samples }) => {
    const tile: TileSamples = { width, height, channels: 3, depth: 8, samples };
    const began = process.cpuUsage();
    const { codeLengthBits } = engine.measure(model, tile, options);
    const { user, system } = process.cpuUsage(began);
    const seconds = (user + system) / 1e6;
    return {
      bitsPerDim: codeLengthBits.reduce((sum, bits) => sum + bits, 0) / samples.length,
      seconds: secondsAtKodakSize(seconds, tile),
    };
  });
}

function cells(figures: readonly Figures[], whole: readonly Figures[]): string[] {
  const ratios = figures.map(({ bitsPerDim }, i) => bitsPerDim / (whole[i]?.bitsPerDim ?? NaN));
  const more = 100 * (mean(ratios) - 1);
  return [
    fixed(mean(figures.map(({ bitsPerDim }) => bitsPerDim)), 4),
    figures === whole ? '' : `${more < 0 ? '−' : '+'}${fixed(Math.abs(more), 2)} %`,
    seconds(mean(figures.map((figure) => figure.seconds))),
  ];
}

await runMain(main);
