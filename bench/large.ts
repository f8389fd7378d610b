import '#pixrnn/node/install.js';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { idText } from '#pixrnn/model/model.js';
import { modelFor } from '#pixrnn/model/registry.js';
import { PIXRNN } from './codec.js';
import { cpuModel, gitCommit, today } from './environment.js';
import { largeImage } from './large-image.js';
import { markdownFile, markdownTable, mebibytes, seconds } from './markdown.js';
import { type Cost, requirePrograms, runMeasured } from './measured-run.js';
import { countOption, listOption, runMain } from './options.js';
import { readPixels, samePixels, type Pixels } from './pixels.js';
import { temporaryFolder } from './temporary-folder.js';

const HELP = `Measures pixrnn's time and memory on one large photograph. Run from the root of the repository.

npm run bench:large -- [options]
  --size WxH       size of the image (4000x3000)
  --effort N       effort of pixrnn (3)
  --threads LIST   numbers of threads, comma-separated, each on as many cores (1,2)
  --data DIR       directory of the data sets (../shared/data)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      size: { type: 'string', default: '4000x3000' },
      effort: { type: 'string', default: '3' },
      threads: { type: 'string', default: '1,2' },
      data: { type: 'string', default: '../shared/data' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const { effort } = values;
  const [, width, height] = (/^([1-9]\d*)x([1-9]\d*)$/.exec(values.size) ?? []).map(Number);
  if (!width || !height) throw new Error('--size must be two numbers such as 4000x3000.');
  await requirePrograms({});

  const { pixels, origin } = await largeImage({ width, height }, values.data);
  const folder = temporaryFolder();
  const png = join(folder, 'large.png');
  await writeFile(png, await encodePng(pixels));

  const lines: string[][] = [];
  for (const threads of listOption(values.threads).map((text) => countOption('threads', text, 1))) {
    for (const { command, cost } of await measure(png, pixels, { threads, effort, folder })) {
      const speed = (pixels.width * pixels.height) / 1e6 / cost.seconds;
      const { seconds: wall, cpuSeconds, peakBytes } = cost;
      lines.push([
        command,
        String(threads),
        seconds(wall),
        seconds(cpuSeconds),
        speed.toFixed(3),
        mebibytes(peakBytes),
      ]);
    }
  }
  const model = await modelFor(3);
  const subject = `${model.name ?? 'unnamed'} ${idText(model.id)}, commit ${await gitCommit()}, ${today()}, ${cpuModel()}`;
  const table = markdownTable(['Command', 'Threads', 'Seconds', 'CPU seconds', 'MP/s', 'Peak MiB'], lines);
  const image = `${pixels.width} x ${pixels.height} RGB, ${origin}; effort ${effort}`;
  process.stdout.write(await markdownFile([`${image}; ${subject}; as many cores as threads.`, table]));
}

/** Compresses, with and without verification, and decompresses, on cores 0 to `threads` - 1. */
async function measure(
  png: string,
  source: Pixels,
  { threads, effort, folder }: { threads: number; effort: string; folder: string },
): Promise<{ command: string; cost: Cost }[]> {
  const cores = `0-${threads - 1}`;
  const [coded, decoded] = [join(folder, 'large.prnn'), join(folder, 'decoded.png')];
  const options = ['--threads', String(threads), '-q', '--force'];
  const atEffort = ['--effort', effort];
  const commands = [
    ['compress --no-verify', atEffort, png, coded],
    ['compress', atEffort, png, coded],
    ['decompress', [], coded, decoded],
  ] as const;
  const costs: { command: string; cost: Cost }[] = [];
  for (const [command, more, input, output] of commands) {
    process.stderr.write(`${command}, ${threads} threads ...\n`);
    const argv = [...PIXRNN, ...command.split(' '), ...more, ...options, input, '-o', output];
    costs.push({ command: `\`${command}\``, cost: await runMeasured(argv, cores, folder) });
  }
  if (!samePixels(source, await readPixels(decoded))) throw new Error('the decoded image differs from the source.');
  process.stderr.write(`${(await stat(coded)).size} bytes, decoded to the same samples\n`);
  await rm(decoded);
  return costs;
}

function encodePng({ width, height, samples }: Pixels): Promise<Buffer> {
  return sharp(samples, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}

await runMain(main);
