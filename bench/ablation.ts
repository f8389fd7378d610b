import '#pixrnn/node/install.js';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FLAG_LEARNING, FLAG_MIXER } from '#pixrnn/engine/flags.js';
import { compileEngine, Engine, type MeasureOptions, type TileSamples } from '#pixrnn/engine/engine.js';
import { createModel, idText, type Model } from '#pixrnn/model/model.js';
import { loadModel, namedModel } from '#pixrnn/node/model-file.js';
import { modelFor } from '#pixrnn/model/registry.js';
import { listImages, OVERALL_SETS } from './data-set.js';
import { cpuModel, gitCommit, today } from './environment.js';
import { fixed, markdownFile, markdownTable, seconds, writeReport } from './markdown.js';
import { countOption, listOption, runMain } from './options.js';
import { type Pixels, readPixels } from './pixels.js';
import { mean, secondsAtKodakSize } from './statistics.js';

const HELP = `Measures what each part of the model contributes: bits/dim and seconds of effort 3, without the mixer's trained start,
without learning, without the mixer, without both (effort 1), and of PixelCNN with and without the mixer. Least squares
always run: the network's inputs are computed from them. Run from the root of the repository.

npm run bench:ablation -- [options]
  --sets LIST    sets (${OVERALL_SETS.join(',')})
  --limit N      the first N images of each set (2)
  --data DIR     directory of the sets (../shared/data)
  --model FILE   weights to use instead of the shipped ones
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
  /** Scaled to an image of Kodak's size. */
  seconds: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sets: { type: 'string', default: OVERALL_SETS.join(',') },
      limit: { type: 'string' },
      data: { type: 'string', default: '../shared/data' },
      model: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const model = values.model === undefined ? await modelFor(3) : await loadModel(values.model);
  const images = await listImages(values.data, listOption(values.sets), countOption('limit', values.limit, 2));
  const pixels = await Promise.all(images.map(({ set, file }) => readPixels(join(values.data, set, file))));
  const engine = await Engine.create(await compileEngine());

  let whole: Figures[] | null = null;
  const lines: string[][] = [];
  for (const variant of await variantsOf(model)) {
    process.stderr.write(`${variant.label}: `);
    const figures = measure(engine, variant, pixels);
    whole ??= figures;
    const line = [variant.label, ...cells(figures, whole)];
    process.stderr.write(`${line.slice(1).join(', ')}\n`);
    lines.push(line);
  }
  const subject = `${model.name} ${idText(model.id)}, commit ${await gitCommit()}, ${today()}, ${cpuModel()}`;
  const files = images.map(({ set, file }) => `${set}/${file}`).join(', ');
  const report = await markdownFile([
    `${subject}. Mean over ${files}: bits/dim by the likelihood, size against the whole model's (mean of the ratios), and seconds ` +
      'one way on one core, scaled to 768 x 512 pixels.',
    markdownTable(['Model', 'Bits/dim', 'Size', 'Seconds'], lines),
  ]);
  await writeReport(report, values.out);
}

/** The whole model comes first. */
async function variantsOf(model: Model): Promise<Variant[]> {
  const untrained = createModel(`${model.name}, mixer untrained`, model.spec, model.tensors, model.notes);
  const pixelCnn = await namedModel('pixelcnn-rgb');
  return [
    { label: 'everything (effort 3)', model, options: { effort: 3 } },
    ...(model.mixer
      ? [{ label: "without the mixer's trained start", model: untrained, options: { effort: 3 } as const }]
      : []),
    { label: 'without learning', model, options: { flags: FLAG_MIXER } },
    { label: 'without mixer', model, options: { flags: FLAG_LEARNING } },
    { label: 'network alone', model, options: { flags: 0 } },
    { label: 'small model with lean mixer (effort 2)', model: await modelFor(3, 2), options: { effort: 2 } },
    { label: 'small model (effort 1)', model: await modelFor(3, 1), options: { effort: 1 } },
    { label: 'PixelCNN with mixer', model: pixelCnn, options: { effort: 2 } },
    { label: 'PixelCNN alone', model: pixelCnn, options: { effort: 1 } },
  ];
}

function measure(engine: Engine, { model, options }: Variant, pixels: readonly Pixels[]): Figures[] {
  engine.measure(model, { width: 8, height: 8, channels: 3, depth: 8, samples: new Uint8Array(192) }, options); // loads the model
  return pixels.map(({ width, height, samples }) => {
    const tile: TileSamples = { width, height, channels: 3, depth: 8, samples };
    const began = performance.now();
    const { codeLengthBits } = engine.measure(model, tile, options);
    const seconds = (performance.now() - began) / 1000;
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
