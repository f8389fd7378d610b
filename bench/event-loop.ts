import '#pixrnn/node/install.js';
import type { Effort } from '#pixrnn/effort.js';
import { parseArgs } from 'node:util';
import { Codec, writeImage } from '#pixrnn/index.js';
import { blobs } from '../fixtures/draw.js';
import { longestTurn } from '../fixtures/loop.js';
import { cpuModel } from './environment.js';
import { fixed, markdownTable, seconds } from './markdown.js';
import { countOption, runMain } from './options.js';

const HELP = `Measures how long the library blocks its caller's event loop, on a synthetic image: the longest iteration in milliseconds of CPU time
and of wall time, which differ on a busy machine; also the time for decoding a few rows instead of the whole image.

npm run bench:event-loop -- [options]
  --width N     width of the image in pixels (4000)
  --height N    height of the image in pixels (3000)
  --threads N   number of engine threads (2)
  --effort N    effort, 1 to 4 (1)
  --verify      decode and compare after coding
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      width: { type: 'string' },
      height: { type: 'string' },
      threads: { type: 'string' },
      effort: { type: 'string' },
      verify: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [width, height] = [countOption('width', values.width, 4000), countOption('height', values.height, 3000)];
  const effort = countOption('effort', values.effort, 1) as Effort;
  const { verify } = values;
  const image = blobs({ width, height });
  const png = await writeImage(image, [], 'png');
  await using codec = new Codec({ threads: countOption('threads', values.threads, 2) });

  const rows: string[][] = [];
  const measure = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const { result, cpu, wall } = await longestTurn(work);
    const took = (performance.now() - began) / 1000;
    rows.push([what, seconds(took), fixed(cpu, 1), fixed(wall, 1)]);
    process.stderr.write(`${rows.at(-1)?.join('  ') ?? ''}\n`);
    return result;
  };
  await measure('the first call, which starts the threads', () => codec.compress(blobs({ width: 8, height: 8 })));
  const middle = Math.floor(height / 2);
  const { bytes } = await measure('compress a PNG file', () => codec.compress(png, { effort, verify }));
  await measure('compress samples up to the first coded rows', () => untilFirstRows(codec, image));
  await measure('decompress to samples', () => codec.decompress(bytes, { format: 'raster' }));
  await measure('decompress to a PNG file', () => codec.decompress(bytes));
  await measure('ten rows of a tile', () => codec.decompress(bytes, { rows: [5, 15] }));
  await measure('ten rows in the middle', () => codec.decompress(bytes, { rows: [middle - 5, middle + 5] }));
  await measure('inspect', () => codec.inspect(bytes));

  const head = ['call', 'seconds', 'longest turn, ms of CPU', 'longest turn, ms'];
  process.stdout.write(`${width} x ${height}, effort ${effort}, ${codec.threads} threads, ${cpuModel()}\n\n`);
  process.stdout.write(`${markdownTable(head, rows)}\n`);
}

/** Compresses samples until the first rows are coded: from there on, the work is the same as for a file. */
async function untilFirstRows(codec: Codec, image: Parameters<Codec['compress']>[0]): Promise<void> {
  const stop = new AbortController();
  const call = codec.compress(image, { effort: 1, signal: stop.signal, onProgress: () => stop.abort() });
  await call.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
}

await runMain(main);
