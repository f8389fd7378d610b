import '#pixrnn/node/install.js';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureRaster } from '#pixrnn/codec/measure.js';
import { EnginePool } from '#pixrnn/engine/pool.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { architectureOf } from '#pixrnn/model/architectures.js';
import { type Model } from '#pixrnn/model/model.js';
import { loadShipped, shippedModels } from '#pixrnn/model/registry.js';
import { blobs } from '../fixtures/draw.js';
import { type CostLine, engineCostSvg } from './engine-cost-svg.js';
import { cpuModel, today } from './environment.js';
import { markdownTable } from './markdown.js';
import { runMain } from './options.js';
import { median } from './statistics.js';

const HELP = `Measures the time per pixel in the engine for each shipped model, network alone (effort 1), one thread.

npm run bench:engine-cost -- [options]
  --repeats N   runs of each size; the median counts (3)
  --out FILE    the plot (docs/engine-cost.svg)
`;

const SIDES = [16, 32, 64, 128, 256, 512] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repeats: { type: 'string', default: '3' },
      out: { type: 'string', default: 'docs/engine-cost.svg' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const pool = await EnginePool.create({ threads: 1 });
  try {
    const lines: CostLine[] = [];
    for (const shipped of shippedModels()) {
      lines.push(await measureModel(await loadShipped(shipped), Number(values.repeats), pool));
      process.stderr.write(`${shipped.name}\n`);
    }
    process.stdout.write(table(lines));
    await writeFile(values.out, engineCostSvg(lines, `Network alone, one thread; ${cpuModel()}, ${today()}.`));
  } finally {
    await pool.close();
  }
}

async function measureModel(model: Model, repeats: number, pool: EnginePool): Promise<CostLine> {
  const architecture = architectureOf(model.spec.architecture);
  const { channels } = model.spec;
  const [depth = 8] = architecture.depths(model.spec).slice(-1);
  const points: { pixels: number; seconds: number }[] = [];
  for (const side of SIDES) {
    const { samples } = blobs({ width: side, height: side, channels }, side);
    const seen = depth === 1 ? samples.map((v) => v >> 7) : samples;
    const raster: Raster = {
      width: side,
      height: side,
      channels,
      depth: depth === 1 ? 1 : 8,
      indexed: false,
      samples: seen,
    };
    await measureRaster(raster, { model, effort: 1, pool }); // warms up the engine and loads the model
    const seconds: number[] = [];
    for (let i = 0; i < repeats; i++) {
      const begin = performance.now();
      await measureRaster(raster, { model, effort: 1, pool });
      seconds.push((performance.now() - begin) / 1000);
    }
    points.push({ pixels: side * side, seconds: median(seconds) });
  }
  return { name: model.name, macsPerPixel: architecture.macsPerPixel(model.spec), points };
}

function table(lines: readonly CostLine[]): string {
  const rows = lines.map(({ name, macsPerPixel, points }) => {
    const microseconds = points.map(({ pixels, seconds }) => ((1e6 * seconds) / pixels).toFixed(1));
    const last = points.at(-1);
    const macs = last ? (macsPerPixel * last.pixels) / last.seconds / 1e9 : NaN;
    return [name, macsPerPixel.toLocaleString('en'), ...microseconds, macs.toFixed(1)];
  });
  const sides = SIDES.map((side) => `${side}²`);
  return markdownTable(['model', 'MAC a pixel', ...sides.map((s) => `µs a pixel, ${s}`), 'GMAC/s'], rows);
}

await runMain(main);
